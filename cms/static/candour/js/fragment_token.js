// Moves the token of a mailed link from the fragment into the form, and out of the address bar.
// Without this script the form's visible field takes the code from the mail.
(function () {
  "use strict";
  var token = window.location.hash.slice(1);
  if (!token) {
    return;
  }
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  document.querySelectorAll("form[data-fragment-token]").forEach(function (form) {
    form.elements.token.value = token;
    form.querySelectorAll("[data-code-field]").forEach(function (field) {
      field.hidden = true;
      field.querySelectorAll("input").forEach(function (input) {
        input.required = false;
      });
    });
  });
})();
