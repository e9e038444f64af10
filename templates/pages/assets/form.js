"use strict";

// The form works without this. Here: files by drag and drop with a list, progress while they travel, errors beside
// their fields without losing the chosen files.
(function () {
  const form = document.getElementById("form");
  if (!form || !window.FormData || !window.XMLHttpRequest || !window.DOMParser) return;
  const input = document.getElementById("files");
  const drop = document.getElementById("drop");
  const chosen = document.getElementById("chosen");
  const button = document.getElementById("submit");
  const progress = document.getElementById("progress");
  const bar = document.getElementById("bar");
  const percent = document.getElementById("percent");
  const mostFiles = Number(form.dataset.maxFiles);
  let sending = false;

  document.querySelectorAll(".scripted").forEach((node) => { node.hidden = false; });
  if (drop) drop.classList.add("with-script");

  function size(octets) {
    const [unit, name] = octets >= 1048576 ? [1048576, "МБ"] : octets >= 1024 ? [1024, "КБ"] : [1, "Б"];
    return (Math.round(octets * 10 / unit) / 10).toLocaleString("ru-RU") + " " + name;
  }

  function setFiles(list) {
    const transfer = new DataTransfer();
    list.slice(0, mostFiles).forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    showFiles();
  }

  function showFiles() {
    const list = Array.from(input.files);
    chosen.hidden = list.length === 0;
    chosen.replaceChildren(...list.map((file, place) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.className = "file-name";
      name.textContent = file.name;
      const octets = document.createElement("span");
      octets.className = "size";
      octets.textContent = size(file.size);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "Убрать";
      remove.setAttribute("aria-label", "Убрать файл " + file.name);
      remove.addEventListener("click", () => setFiles(list.filter((_, other) => other !== place)));
      item.append(name, octets, remove);
      return item;
    }));
  }

  if (input && drop) {
    input.addEventListener("change", showFiles);
    ["dragenter", "dragover"].forEach((kind) => drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over-it");
    }));
    ["dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, () => drop.classList.remove("over-it")));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      setFiles(Array.from(input.files).concat(Array.from(event.dataTransfer.files)));
    });
  }

  function tell(words) {
    const notice = document.getElementById("notice");
    notice.textContent = words;
    notice.hidden = !words;
    if (words) notice.focus();
  }

  // The page that came back holds what is wrong: its words go into this page, so that chosen files stay chosen.
  function takeOver(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const answered = page.getElementById("form");
    if (!answered) return false;
    form.elements.token.value = answered.elements.token.value;
    form.elements.website.value = "";
    form.querySelectorAll("[data-field]").forEach((field) => {
      const told = answered.querySelector('[data-field="' + field.dataset.field + '"] .problem');
      const problem = field.querySelector(".problem");
      const wrong = Boolean(told && !told.hidden && told.textContent);
      if (problem) {
        problem.textContent = wrong ? told.textContent : "";
        problem.hidden = !wrong;
      }
      field.querySelectorAll("input:not([type=radio]), textarea").forEach((node) => {
        if (wrong) node.setAttribute("aria-invalid", "true"); else node.removeAttribute("aria-invalid");
      });
    });
    const notice = page.querySelector("#notice:not([hidden])") || page.querySelector(".notice:not([hidden])");
    const words = notice ? notice.textContent.trim() : "";
    tell(input && input.files.length ? words.replace("Файлы придётся выбрать заново.", "").trim() : words);
    document.title = page.title;
    return true;
  }

  function ready() {
    sending = false;
    button.disabled = false;
    progress.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    const octets = input ? Array.from(input.files).reduce((sum, file) => sum + file.size, 0) : 0;
    if (octets > Number(form.dataset.maxOctets)) {
      tell("Файлы вместе больше " + form.dataset.maxSize + ". Уберите лишние или пришлите их письмом.");
      return;
    }
    sending = true;
    button.disabled = true;
    progress.hidden = false;
    bar.value = 0;
    percent.textContent = "";
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (moved) => {
      if (!moved.lengthComputable) return;
      const done = Math.round(moved.loaded * 100 / moved.total);
      bar.value = done;
      percent.textContent = done < 100 ? done + " %" : "Сохраняем…";
    });
    request.addEventListener("load", () => {
      const elsewhere = request.responseURL && request.responseURL.split("#")[0] !== form.action;
      if (request.status < 400 && elsewhere) {
        window.location.assign(request.responseURL);
        return;
      }
      ready();
      if (takeOver(request.responseText)) return;
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const title = page.querySelector("main h1");
      const words = page.querySelector("main .lead");
      tell(title ? title.textContent + ". " + (words ? words.textContent : "") : "Не получилось отправить. Попробуйте ещё раз.");
    });
    request.addEventListener("error", () => {
      ready();
      tell("Нет связи. Всё, что вы написали, на месте: попробуйте ещё раз.");
    });
    request.send(new FormData(form));
  });

  window.addEventListener("pageshow", (event) => { if (event.persisted) ready(); });
})();
