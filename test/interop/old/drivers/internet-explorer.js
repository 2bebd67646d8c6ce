/**
 * What htmlfile needs of Internet Explorer, in the browsers of today: a
 * document that is in no page (here in a hidden frame), and two functions.
 */
window.ActiveXObject = function (name) {
  if (name !== "htmlfile") throw new Error(`no control "${name}"`);
  const frame = document.createElement("iframe");
  frame.style.display = "none";
  document.body.appendChild(frame);
  const inner = frame.contentDocument;
  inner.parentWindow = frame.contentWindow;
  return inner;
};
window.CollectGarbage = function () {};
window.attachEvent = function (event, listener) {
  window.addEventListener(event.slice(2), listener);
};
