"use strict";
/* Elements, built without ever reading text as HTML: whatever a name or a note holds is shown as it is. */

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function draw(tag, given = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

function icon(name) {
  return draw(
    "svg",
    { class: "icon", "aria-hidden": "true", focusable: "false" },
    draw("use", { href: `#i-${name}` }),
  );
}

/* A button. One that was clicked with a pointer lets go of the focus, so that Space plays again. */
function button(label, given = {}, ...children) {
  const { onclick, ...rest } = given;
  return make(
    "button",
    {
      type: "button",
      "aria-label": label,
      ...rest,
      onclick: (event) => {
        if (event.detail > 0) event.currentTarget.blur();
        onclick(event);
      },
    },
    ...children,
  );
}

function press(element, isOn) {
  element.setAttribute("aria-pressed", isOn ? "true" : "false");
}

function announce(words) {
  document.getElementById("said").textContent = words;
}

function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/* Stars as buttons; the one that stands already takes the rating away. */
function starButtons(rate) {
  const group = make("div", { class: "stars", role: "group" });
  const stars = [1, 2, 3, 4, 5].map((stars) =>
    button(
      plural(stars, "star"),
      { class: "star", title: `${plural(stars, "star")} (${stars})`, onclick: () => rate(stars) },
      icon("star"),
    ),
  );
  group.append(...stars);
  return {
    element: group,
    show(rating) {
      group.setAttribute("aria-label", rating ? `Rating: ${rating} of 5` : "Rating: none");
      stars.forEach((star, index) => {
        star.classList.toggle("is-lit", index < rating);
        press(star, index + 1 === rating);
      });
    },
  };
}

function takeNumber(number, isCircled) {
  const element = make(
    "span",
    { class: "number" },
    make("span", { text: `T${String(number).padStart(3, "0")}` }),
    icon("ring"),
  );
  element.classList.toggle("is-circled", isCircled);
  return element;
}
