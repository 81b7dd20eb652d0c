"""How dates are read; Django finds this file by settings.FORMAT_MODULE_PATH. The first is how a form shows one."""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
