/** What the pages have in common: what was said, and a field to say more. */
var page = (function () {
  var name = document.title.replace("Socket.IO ", "");

  /** @param {string} tag @param {object} properties */
  function element(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  var list = element("ol", {});
  var field = element("input", {
    placeholder: "Say something",
    ariaLabel: "Message of " + name,
    autocomplete: "off",
  });
  var form = element("form", {
    onsubmit: function () {
      if (field.value) page.onsay(name + ": " + field.value);
      field.value = "";
      return false;
    },
  });
  form.append(field);

  addEventListener("DOMContentLoaded", function () {
    var title = element("h1", { textContent: document.title });
    document.body.append(title, list, form);
  });

  return {
    onsay: function () {},
    show: function (text) {
      var item = element("li", { textContent: text });
      if (text.indexOf(name + ": ") === 0) item.className = "own";
      list.append(item);
      list.scrollTop = list.scrollHeight;
    },
    online: function () {
      document.body.className = "online";
    },
    offline: function () {
      document.body.className = "";
    },
  };
})();
