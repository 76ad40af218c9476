// One file, two roles: the module of every page, and the shared worker that holds the one event stream of a browser.
const version = new URL(import.meta.url).searchParams.get('v') ?? '';
const stream = new URL('../api/events', import.meta.url);

if (typeof SharedWorkerGlobalScope !== 'undefined' && self instanceof SharedWorkerGlobalScope) {
  serve();
} else {
  fillZone();
  connect();
}

/**
 * Listens to the stream. A browser opens it again by itself, except after an answer that is no stream. A connection that is
 * silent for longer than the server ever is, is dead or kept back by a proxy: then the page is loaded instead.
 */
function listen(report) {
  let source, timer, wasLost = false;
  const lose = changed => { wasLost = true; report({ state: 'lost', changed }); };
  const later = (act, time) => { clearTimeout(timer); timer = setTimeout(act, time); };
  const open = () => {
    const hear = () => later(() => { source.close(); lose(true); open(); }, 40_000);
    source = new EventSource(stream);
    source.addEventListener('hello', () => { report({ state: 'live', changed: wasLost }); wasLost = false; });
    for (const name of ['reset', 'tasks', 'commands']) source.addEventListener(name, () => report({ state: 'live', changed: true }));
    for (const name of ['hello', 'reset', 'tasks', 'commands', 'here']) source.addEventListener(name, hear);
    source.onerror = () => {
      lose(false);
      if (source.readyState === EventSource.CLOSED) later(open, 10_000);
    };
    hear();
  };
  open();
  return () => { clearTimeout(timer); source.close(); };
}

/** The worker: passes what the stream reports to all tabs, and closes it when none is left. */
function serve() {
  const ports = new Set();
  let close, last = { state: 'wait' };
  const report = message => {
    last = { state: message.state };
    for (const port of ports) port.postMessage(message);
  };
  self.onconnect = event => {
    const port = event.ports[0];
    port.onmessage = ({ data }) => {
      if (data === 'bye') {
        ports.delete(port);
        if (ports.size === 0 && close) { close(); close = null; }
        return;
      }
      ports.add(port);
      close ??= listen(report);
      port.postMessage(last);
    };
  };
}

/** Connects this tab: by a shared worker, else one tab listens for all, else this tab while it is visible. */
function connect() {
  const changes = refresher();
  const report = message => {
    show(message.state);
    if (message.changed) changes();
  };
  if (typeof SharedWorker !== 'undefined') {
    const worker = new SharedWorker(import.meta.url, { type: 'module', name: `safeloop ${version}` });
    worker.port.onmessage = ({ data }) => report(data);
    worker.port.postMessage('hello');
    addEventListener('pagehide', () => worker.port.postMessage('bye'));
    addEventListener('pageshow', event => event.persisted && worker.port.postMessage('hello'));
  } else if (navigator.locks && typeof BroadcastChannel !== 'undefined') {
    const channel = new BroadcastChannel(`safeloop ${stream}`);
    channel.onmessage = ({ data }) => report(data);
    navigator.locks.request(`safeloop ${stream}`, () => {
      listen(message => { report(message); channel.postMessage(message); });
      return new Promise(() => {}); // the lock is free again when this tab is closed
    });
  } else {
    let close;
    const follow = () => {
      if (!document.hidden) close ??= listen(report);
      else if (close) { close(); close = null; }
    };
    document.addEventListener('visibilitychange', follow);
    follow();
  }
}

function show(state) {
  const element = document.getElementById('live');
  const text = state === 'live' ? 'Live' : state === 'lost' ? 'Not connected' : '';
  if (!element || element.dataset.state === state) return;
  element.dataset.state = state;
  element.textContent = text;
}

/** Returns a function that fetches this page again: soon after a change, and once more when changes have ended. */
function refresher() {
  let soon, later, busy = false, stale = false;
  const run = async () => {
    if (document.hidden || busy) { stale = true; return; }
    busy = true; stale = false;
    try { await refresh(); } catch { /* the next change tries again */ }
    busy = false;
    if (stale) run();
  };
  document.addEventListener('visibilitychange', () => !document.hidden && stale && run());
  return () => {
    soon ??= setTimeout(() => { soon = null; run(); }, 200);
    clearTimeout(later);
    later = setTimeout(run, 1500);
  };
}

async function refresh() {
  const signal = AbortSignal.timeout(30_000); // on a dead connection there is no answer and no error
  const answer = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' }, signal });
  if (!answer.ok || answer.redirected) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const id of ['main', 'foot']) {
    const [from, to] = [document.getElementById(id), next.getElementById(id)];
    if (from && to) morph(from, to);
  }
  document.title = next.title;
}

/** Makes an element like another, and keeps focus, what is typed, what is open and what is scrolled. */
function morph(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE) { from.nodeValue = to.nodeValue; return; }
  if (isTyped(from) || from.matches('input[name=id]')) return; // a form that is sent twice is carried out once
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(name === 'open' && from.nodeName === 'DETAILS')) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !(name === 'open' && from.nodeName === 'DETAILS')) from.setAttribute(name, value);
  }
  if (from.nodeName === 'INPUT' && from.type === 'hidden') return;
  let place = from.firstChild;
  for (const child of [...to.childNodes]) {
    const match = find(from, place, child);
    if (!match) { from.insertBefore(document.importNode(child, true), place); continue; }
    if (match === place) place = place.nextSibling;
    else from.insertBefore(match, place);
    morph(match, child);
  }
  while (place) {
    const after = place.nextSibling;
    place.remove();
    place = after;
  }
}

function find(parent, place, child) {
  const id = idOf(child);
  if (id) return [...parent.children].find(element => idOf(element) === id && element.nodeName === child.nodeName);
  return place && place.nodeName === child.nodeName && !idOf(place) ? place : null;
}

/** The property `id` of a form is its field of that name. */
function idOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('id') : null;
}

function isTyped(element) {
  if (element === document.activeElement && element.matches('input, textarea, select')) return true;
  if (element.matches('textarea, input:not([type=radio], [type=checkbox], [type=hidden])')) return element.value !== element.defaultValue;
  if (element.matches('input[type=radio], input[type=checkbox]')) return element.checked !== element.defaultChecked;
  return element.nodeName === 'SELECT' && [...element.options].some(option => option.selected !== option.defaultSelected);
}

/** Suggests the zone of this browser; without a script its id is typed. */
function fillZone() {
  const field = document.getElementById('zoneId');
  if (field && !field.value) field.value = field.defaultValue = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
}
