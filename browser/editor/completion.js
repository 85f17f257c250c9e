// Completes keys and values of calicoctl documents. What there is to complete comes from the console, which derives it from its own reading of documents:
// { document: [member], kinds: { policy: [member] } }, where a member has name, form, about, values and members.
import { parse, place } from './place.js';

function memberAt(schema, path, kind) {
  let found = { form: 'object', members: [...schema.document, ...(schema.kinds[kind] ?? [])] };
  for (const key of path) {
    found = found.members?.find(member => member.name === key);
    if (!found) return null;
  }
  return found;
}

// What follows a key, so that its value can be typed at once.
const follows = {
  object: indent => `:\n${' '.repeat(indent + 2)}`,
  map: indent => `:\n${' '.repeat(indent + 2)}`,
  objects: indent => `:\n${' '.repeat(indent)}- `,
  list: indent => `:\n${' '.repeat(indent)}- `,
};

const ofKey = (member, indent) => ({
  label: member.name,
  type: 'property',
  detail: member.form === 'text' ? undefined : member.form,
  info: member.about,
  apply: (view, _, from, to) => {
    const insert = member.name + (follows[member.form]?.(indent) ?? ': ');
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.complete', scrollIntoView: true });
  },
});

const ofValue = label => ({ label, type: 'constant' });

export const completions = schema => context => {
  const at = context.state.doc.lineAt(context.pos);
  const before = at.text.slice(0, context.pos - at.from);
  const lines = () => context.state.doc.toString().split('\n');
  const validFor = /^[\w.-]*$/;

  const [, lead, key, typed] = /^(\s*(?:- +)*)([\w.-]+):\s+(?:\[(?:[^\]]*,)?\s*)?([\w.-]*)$/.exec(before) ?? [];
  if (key) {
    const found = place(lines(), at.number - 1, parse(lead));
    const values = found && memberAt(schema, [...found.path, key], found.kind)?.values;
    return values?.length ? { from: context.pos - typed.length, options: values.map(ofValue), validFor } : null;
  }

  const [whole, indent, word] = /^(\s*(?:- +)*)([\w.-]*)$/.exec(before) ?? [];
  if (whole === undefined || (word === '' && !context.explicit) || /^[\w.-]*\s*:/.test(at.text.slice(before.length))) return null;
  const found = place(lines(), at.number - 1, parse(indent));
  const parent = found && memberAt(schema, found.path, found.kind);
  const options = parent?.members?.length ? parent.members.filter(member => !found.beside.has(member.name)).map(member => ofKey(member, indent.length))
    : indent.includes('-') ? parent?.values?.map(ofValue) : null;
  return options?.length ? { from: context.pos - word.length, options, validFor } : null;
};
