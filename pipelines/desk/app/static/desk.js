// Shows the page that Python sends and tells Python what was followed or filled in. No page is made here.
function main(root) {
  return root.querySelector("h1") || root.querySelector("main");
}

async function told(form, button) {
  const values = {}, files = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) {
      if (value.size) files.push([name, value.name, await value.arrayBuffer()]);
    } else if (name in values) {
      values[name] = [].concat(values[name], value);
    } else {
      values[name] = value;
    }
  }
  if (button && button.name) values[button.name] = button.value;
  return { values, files };
}

function render({ model, el }) {
  const alone = document.getElementById("vahti");  // the application's own page; in JupyterLab there is none
  const root = alone || el;
  root.classList.add("vahti-desk");
  let drawn = false;

  const go = (to) => model.send({ to });
  const hash = () => decodeURI(location.hash.slice(1)) || "/";

  function draw() {
    const page = model.get("page");
    root.innerHTML = page.html;
    root.lang = page.code;
    root.removeAttribute("aria-busy");
    if (alone) {
      document.getElementById("loading")?.remove();
      document.documentElement.lang = page.code;
      document.title = `${page.title} – Rekisterivahti`;
      if (drawn && hash() !== page.path) history.replaceState(null, "", "#" + page.path);
    }
    if (drawn) {
      const place = root.querySelector("[role=alert]") ? root.querySelector("main") : main(root);
      place?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    drawn = true;
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || !root.contains(link)) return;
    if ("skip" in link.dataset) {
      event.preventDefault();
      root.querySelector("main").focus();
    } else if (!alone) {
      event.preventDefault();
      go(link.getAttribute("href").slice(1));
    } else if (link.getAttribute("href") === location.hash) {
      event.preventDefault();
      go(hash());
    }
  });

  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    root.setAttribute("aria-busy", "true");
    const { values, files } = await told(form, event.submitter);
    if (form.dataset.to !== undefined) {
      const asked = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
      const to = form.dataset.to + (String(asked) ? "?" + asked : "");
      if (alone && hash() !== to) location.hash = to; else go(to);
    } else {
      const names = files.map(([name, file]) => [name, file]);
      model.send({ act: form.dataset.act, values, names }, undefined, files.map(([, , bytes]) => bytes));
    }
  });

  if (alone) addEventListener("hashchange", () => { if (hash() !== model.get("page").path) go(hash()); });
  model.on("change:page", draw);
  model.on("msg:custom", (message, buffers) => {
    if (!message.download) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([buffers[0]]));
    link.download = message.download;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
  draw();
  if (alone && hash() !== "/" && hash() !== model.get("page").path) go(hash());
}

export default { render };
