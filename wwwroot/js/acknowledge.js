// Keeps events of the page before the word that a drawing arrived. Once the console hears that word it forgets the handlers which that drawing replaced,
// at once and past the events that still wait for their turn (ASP.NET Core 10.0): a letter or a click sent before the word is refused then, and letters
// that were typed since are replaced by older text. So the word is held back until the events sent before it are answered.
const typing = 15_000; // what is typed is answered in a moment, unless the console is very busy
const asking = 1_500; // a click may start something that takes minutes; its own part is over long before

const limitOf = event => /"eventName":"(input|change|key|focus|blur)/.test(event) ? typing : asking;

export function inOrder(connection) {
  const send = connection.send.bind(connection);
  const waiting = new Map(); // event: when it is waited for no more
  let held = [];
  let timer = null;

  function flush() {
    const now = performance.now();
    for (const [event, until] of waiting) if (until <= now) waiting.delete(event);
    clearTimeout(timer);
    timer = null;
    if (waiting.size > 0) {
      if (held.length > 0) timer = setTimeout(flush, Math.min(...waiting.values()) - now + 1);
      return;
    }
    const words = held;
    held = [];
    for (const { args, done, failed } of words) send(...args).then(done, failed);
  }

  connection.send = (...args) => {
    const [method, first, , third] = args;
    if (method === 'BeginInvokeDotNetFromJS' && third === 'DispatchEventAsync') waiting.set(String(first), performance.now() + limitOf(args[5] ?? ''));
    if (method !== 'OnRenderCompleted' || waiting.size === 0) return send(...args);
    return new Promise((done, failed) => {
      held.push({ args, done, failed });
      flush();
    });
  };

  return {
    answered(event) {
      if (waiting.delete(String(event)) && held.length > 0) flush();
    },
  };
}
