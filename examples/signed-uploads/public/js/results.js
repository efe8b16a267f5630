/** What was uploaded, and what was refused, as the page shows it. Text goes in as text. */
export function createResults(list, problems) {
  return {
    add(answer) {
      const { public_id, secure_url, width, height, bytes, eager = [], thumbnail_url } = answer;
      const pictures =
        eager.length > 0 ? eager.map((each) => each.secure_url) : [thumbnail_url ?? secure_url];
      list.prepend(
        element('li', {}, [
          element('a', { href: secure_url, textContent: public_id }),
          element('span', { textContent: `${width} × ${height}, ${bytes} bytes` }),
          element('div', { className: 'pictures' }, pictures.map(picture)),
        ]),
      );
    },
    fail(name, message) {
      problems.append(element('p', { className: 'problem', textContent: `${name}: ${message}` }));
    },
    clearProblems() {
      problems.replaceChildren();
    },
  };
}

function picture(src) {
  return element('a', { href: src }, [element('img', { src, alt: src.replace(/^.*\/upload\//, '') })]);
}

function element(name, properties, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
