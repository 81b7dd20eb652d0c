// Blocking and first: what scripts improve is styled as such from the first paint.
document.documentElement.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("govuk-frontend-supported");
