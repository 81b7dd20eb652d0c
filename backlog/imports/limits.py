"""How much of somebody else's file is taken. Each limit has a sentence where it is checked."""

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 50_000
MAX_BLANK = 100_000  # rows without a word, which cost time all the same
MAX_COLUMNS = 200
MAX_CELLS = 16_384  # in one row, which is as wide as a spreadsheet gets
MAX_CELL = 10_000  # characters
MAX_TEXT = 10 * MAX_CELL  # characters, at which a workbook is not read on to say in which row
TOO_WIDE = f"The file has more than {MAX_COLUMNS} columns. Remove those that are not needed"
MAX_UNPACKED = 50 * 1024 * 1024  # of a workbook's parts together
MAX_RATIO = 200  # unpacked to packed, of one part; sheets of real workbooks lie between 5 and 60
MAX_PARTS = 500
MAX_STRINGS = 1_000_000  # different texts in a workbook
