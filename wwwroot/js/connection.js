// Starts the page's circuit, watches whether the console still speaks, says so when it does not, and comes back by itself.
// The console says a word at least every two seconds (ConsoleHost: KeepAliveInterval), so silence is known without a closed connection.
import * as unsent from './unsent.js';
import { inOrder } from './acknowledge.js';

const silence = 3500; // from here on the page says that it is old
const closing = 8000; // from here on the connection is given up and another one is tried
const waking = 1500; // what a page gets that slept itself, before it blames the console
const patience = 4000; // for one answer while trying again
const pause = 1000; // between two tries

const now = () => performance.now();
const root = document.documentElement;
let heardAt = null; // null: there is no circuit on this page, or not yet
let tickedAt = now();
let lost = false;
let trying = false;
let leaving = false;
let failed = false; // the circuit ended with an error
let begun = false; // the console spoke once
let order = null; // of what goes to the console

function heard() {
  heardAt = now();
  begun = true;
  if (lost && !trying) back();
}

// Every message passes the protocol, whatever carries it.
function listening(protocol) {
  return {
    name: protocol.name,
    version: protocol.version,
    transferFormat: protocol.transferFormat,
    parseMessages: (input, logger) => {
      heard();
      const messages = protocol.parseMessages(input, logger);
      failed ||= messages.some(message => message.target === 'JS.Error');
      for (const message of messages) if (message.target === 'JS.EndInvokeDotNet') order?.answered(message.arguments[0]);
      return messages;
    },
    writeMessage: message => protocol.writeMessage(message),
  };
}

// A browser waits minutes for a connection that nobody answers.
class ImpatientWebSocket extends WebSocket {
  constructor(...args) {
    super(...args);
    const timer = setTimeout(() => this.close(), patience);
    for (const name of ['open', 'close']) this.addEventListener(name, () => clearTimeout(timer));
    // A circuit that ended with an error closes its connection without a word to anybody.
    this.addEventListener('open', () => this.addEventListener('close', () => setTimeout(recover, 500)));
  }
}

function configure(builder) {
  // The first word takes longer: the page still loads.
  if (heardAt === null) heardAt = now() + waking;
  builder.withUrl('_blazor', { timeout: patience, WebSocket: ImpatientWebSocket })
    .withHubProtocol(listening(builder.protocol)).withServerTimeout(closing).withKeepAliveInterval(2000);
  const build = builder.build.bind(builder);
  builder.build = () => {
    const connection = build();
    order = inOrder(connection);
    return connection;
  };
}

const element = name => document.querySelector(`#connection [data-${name}]`);

function say(title, text) {
  element('title').textContent = title;
  element('text').textContent = text;
  document.getElementById('connection').hidden = false;
}

function lose() {
  if (lost || leaving) return;
  lost = true;
  root.dataset.connection = 'lost';
  unsent.hold();
  const heard = new Date(Date.now() - Math.max(0, now() - heardAt)).toLocaleTimeString('en-GB');
  say('Connection to the console lost',
    `What you see is as it was at ${heard}. Trying again; operations that run go on, and what you type here is kept.`);
}

function back() {
  lost = false;
  delete root.dataset.connection;
  document.getElementById('connection').hidden = true;
  unsent.release();
}

// Browsers keep connections for the next request. Where the network swallowed them each is as deaf as the others, so several are asked at once, and what
// does not answer is closed with its request.
async function answers() {
  const stop = new AbortController();
  const ask = async () => {
    const answer = await fetch('healthz', { cache: 'no-store', signal: AbortSignal.any([stop.signal, AbortSignal.timeout(2000)]) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  };
  try {
    await Promise.any(Array.from({ length: 6 }, ask));
    return true;
  } catch {
    return false;
  } finally {
    stop.abort();
  }
}

const within = (promise, time) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), time))]);

async function recover() {
  if (trying || leaving) return;
  trying = true;
  lose();
  for (let refused = 0; !leaving;) {
    if (await answers()) {
      try {
        // It throws when there was never a circuit, and when the session ended: then loading the page again says what is the matter.
        if (await within(Blazor.reconnect(), 3 * patience)) break;
        refused = 3;
      } catch (error) {
        console.warn('The circuit was not reached:', error);
        refused++;
      }
      if (refused >= 3) {
        if ((begun && !failed) || unsent.mayReload()) {
          unsent.reload();
        } else {
          say('This page fails again and again', 'The console answers, but this page ends with an error each time it is loaded. '
            + 'Its log has the particulars. What you typed is kept in this tab.');
        }
        return;
      }
    }
    await new Promise(next => setTimeout(next, pause));
  }
  trying = false;
  heard();
}

function tick() {
  const at = now();
  const slept = at - tickedAt > waking;
  tickedAt = at;
  if (heardAt === null || leaving) return;
  if (slept) heardAt = Math.max(heardAt, at - silence + waking);
  if (at - heardAt > silence) lose();
  // A circuit that was never there has no connection that could be closed.
  if (at - heardAt > closing + patience) recover();
}

addEventListener('pagehide', () => { leaving = true; });
addEventListener('pageshow', event => { if (event.persisted) unsent.reload(); });
document.addEventListener('click', event => { if (event.target.closest?.('#connection [data-load]')) { event.preventDefault(); unsent.reload(); } });
setInterval(tick, 250);
Blazor.start({
  circuit: {
    configureSignalR: configure,
    reconnectionHandler: { onConnectionDown: recover, onConnectionUp: () => {} },
  },
});
unsent.restore();
