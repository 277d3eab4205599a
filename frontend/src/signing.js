// One signature on a tablet (form[data-draws]): drawn with pen, finger or mouse, sent as strokes and not as a picture.

const ready = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll("form[data-draws]")) {
    if (!ready.has(form)) draws(form);
    ready.add(form);
  }
}

function draws(form) {
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const field = form.elements.namedItem("strokes");
  const buttons = [...form.querySelectorAll("button")];
  let strokes = [];
  let stroke = null;
  let began = 0;

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const across = Math.round(((event.clientX - box.left) / box.width) * canvas.width);
    const down = Math.round(((event.clientY - box.top) / box.height) * canvas.height);
    const when = Math.round(event.timeStamp - began);
    return [clamp(across, canvas.width), clamp(down, canvas.height), clamp(when, 600000)];
  };
  const show = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 7, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    for (const each of strokes) {
      pen.beginPath();
      pen.moveTo(each[0][0], each[0][1]);
      for (const [across, down] of each) pen.lineTo(across, down);
      pen.stroke();
    }
    field.value = JSON.stringify(strokes);
    for (const button of buttons) button.disabled = !strokes.length;
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    if (!strokes.length) began = event.timeStamp;
    stroke = [point(event)];
    strokes.push(stroke);
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const last = stroke[stroke.length - 1];
    const next = point(event);
    // What a hand does between two pixels tells nothing.
    if (Math.hypot(next[0] - last[0], next[1] - last[1]) < 3) return;
    stroke.push(next);
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (stroke = null));
  form.querySelector("[data-undo]").addEventListener("click", () => {
    strokes.pop();
    show();
  });
  form.querySelector("[data-redo-all]").addEventListener("click", () => {
    strokes = [];
    show();
  });
  show();
}

function clamp(value, most) {
  return Math.min(Math.max(value, 0), most);
}
