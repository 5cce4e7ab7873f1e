// Checks papers as app/services/paper_check.py does: the same statements, the same order, the same words.
const $ = (id) => document.getElementById(id);
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const same = (one, other) => hex(one) === hex(other);
const latin = (bytes) => new TextDecoder("latin1").decode(bytes);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function fromHex(text) {
  if (typeof text !== "string" || text.length % 2 || /[^0-9a-f]/i.test(text)) throw new Error("not hexadecimal");
  return new Uint8Array((text.match(/../g) || []).map((pair) => parseInt(pair, 16)));
}

// ---- base45 (RFC 9285), each value one text
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
function base45(text) {
  if (text.length % 3 === 1) throw new Error("base45");
  const out = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    let value = 0;
    for (let place = group.length - 1; place >= 0; place--) {
      const digit = LETTERS.indexOf(group[place]);
      if (digit < 0) throw new Error("base45");
      value = value * 45 + digit;
    }
    if (value >= 256 ** (group.length - 1)) throw new Error("base45");
    if (group.length === 3) out.push(value >> 8);
    out.push(value & 255);
  }
  return new Uint8Array(out);
}

// ---- CBOR (RFC 8949), the canonical form of what papers hold, and nothing else
function cbor(data) {
  let at = 0;
  const take = (count) => {
    if (count > data.length - at) throw new Error("cbor: cut off");
    at += count;
    return data.subarray(at - count, at);
  };
  function item(depth) {
    if (depth > 8) throw new Error("cbor: too deep");
    const head = take(1)[0], kind = head >> 5;
    let count = head & 31;
    if (kind === 7) {
      if (count === 20 || count === 21) return count === 21;
      throw new Error("cbor: not ours");
    }
    if (count > 23) {
      if (count > 26) throw new Error("cbor: not ours");
      const size = 1 << (count - 24);
      count = take(size).reduce((sum, byte) => sum * 256 + byte, 0);
      if (count < (size === 1 ? 24 : 256 ** (size / 2))) throw new Error("cbor: not canonical");
    }
    if (kind === 0) return count;
    if (kind === 1) return -1 - count;
    if (kind === 2) return take(count);
    if (kind === 3) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(count));
    if (kind === 4) return many(count, () => item(depth + 1));
    if (kind === 6) return { tag: count, value: item(depth + 1) };
    const map = new Map();
    let before = "";
    many(count, () => {
      const start = at, key = item(depth + 1);
      const written = String.fromCharCode(...data.subarray(start, at));
      const later = written.length > before.length || (written.length === before.length && written > before);
      if (typeof key !== "number" || !later) throw new Error("cbor: not canonical");
      before = written;
      map.set(key, item(depth + 1));
    });
    return map;
  }
  function many(count, one) {
    if (count > data.length - at) throw new Error("cbor: cut off");
    return Array.from({ length: count }, one);
  }
  const value = item(0);
  if (at !== data.length) throw new Error("cbor: more follows");
  return value;
}

function bytesHead(kind, count) {
  if (count < 24) return [kind << 5 | count];
  return count < 256 ? [kind << 5 | 24, count] : [kind << 5 | 25, count >> 8, count & 255];
}

// ---- what a code says
function readCode(text) {
  if (!text.startsWith("SRP1:") || text.length > 4000) throw new Error("not a code");
  const whole = cbor(base45(text.slice(5)));
  const parts = whole.value;
  if (whole.tag !== 18 || !Array.isArray(parts) || parts.length !== 4) throw new Error("not COSE_Sign1");
  const [head, open, told, signature] = parts;
  const isBytes = (value) => value instanceof Uint8Array;
  if (!isBytes(head) || !(open instanceof Map) || open.size || !isBytes(told) || !isBytes(signature)) throw new Error("parts");
  const header = cbor(head), payload = cbor(told);
  if (!(header instanceof Map) || header.size !== 2 || header.get(1) !== -8 || !isBytes(header.get(4))) throw new Error("header");
  if (header.get(4).length !== 8 || signature.length !== 64 || !(payload instanceof Map)) throw new Error("lengths");
  const purpose = utf8("saraptama/paper/1");
  const signed = joined([0x84], bytesHead(3, 10), utf8("Signature1"), bytesHead(2, head.length), head,
    bytesHead(2, purpose.length), purpose, bytesHead(2, told.length), told);
  return { key: hex(header.get(4)), payload, signed, signature };
}

const holds = async (signature, message, key) => {
  try { return await verifyAsync(signature, message, key, { zip215: false }); } catch { return false; }
};

// ---- who signs: files that a desk or the centre wrote
const known = { desks: new Map(), void: [] };
async function takeKeys(text, source) {
  const whole = JSON.parse(text), key = fromHex(whole.key), told = whole.told;
  const message = joined(utf8("saraptama/paper-keys/1\0"), utf8(told));
  if (key.length !== 32 || !await holds(fromHex(whole.signature), message, key)) throw new Error("altered");
  const said = JSON.parse(told);
  if (said.format !== "saraptama-paper-keys/1") throw new Error("format");
  const certified = TOLD.centre.includes(whole.key);
  for (const one of said.desks || [said]) {
    const own = certified && one.key ? fromHex(one.key) : key;
    const id = hex((await sha256(own)).subarray(0, 8));
    const desk = { public: own, id, names: one.department.names, revoked: one.revoked || null, day: said.told_at.slice(0, 10), source };
    const before = known.desks.get(id);
    if (!before || (!before.revoked && (desk.revoked || desk.day > before.day))) known.desks.set(id, desk);
  }
  for (const one of said.void) known.void.push({ ...one, of: hex(certified && one.key ? fromHex(one.key) : key) });
}

// ---- the answer
const answer = (verdict, sentences, payload = null) => ({ verdict, sentences, payload });
const fingerprint = (id) => id.match(/..../g).join(" ");

async function judge(statement, file) {
  const { payload, key } = statement;
  const altered = answer("altered", [[file ? "ALTERED_FILE" : "ALTERED"]]);
  const sealed = payload.get(16);
  if (file ? !(sealed instanceof Uint8Array && same(sealed, file)) : sealed !== undefined) return altered;
  const desk = known.desks.get(key);
  if (!desk) return answer("unknown_key", [["UNKNOWN", { fingerprint: fingerprint(key) }]], payload);
  if (!await holds(statement.signature, statement.signed, desk.public)) return altered;
  if (!understood(payload)) return answer("unread", [["LATER"]]);
  const [verdict, first] = standing(payload, desk);
  const rest = [["SIGNER", { department: desk.names, fingerprint: fingerprint(key) }],
    ["SOURCE", { source: desk.source, day: day(desk.day.replaceAll("-", "")) }]];
  return answer(verdict, [first || [file ? "WHOLE" : "COMPARE"], ...rest], payload);
}

function understood(payload) {
  const head = payload.get(4), place = payload.get(5);
  return [...payload.keys()].every((key) => key >= 1 && key <= 17) && payload.get(1) in TOLD.documents
    && Array.isArray(head) && head.length === 2 && Array.isArray(place) && place.length === 2
    && (!payload.has(7) || payload.get(7) in TOLD.outcomes) && (!payload.has(15) || payload.get(15) in TOLD.endings);
}

function standing(payload, desk) {
  const number = payload.get(2), blank = payload.get(12) || "";
  if (payload.get(17)) return ["sample", ["SAMPLE"]];
  if (desk.revoked) return ["revoked", ["KEY_REVOKED", { fingerprint: fingerprint(desk.id), department: desk.names, number }]];
  if ([TOLD.session, TOLD.slip].includes(payload.get(1))) return ["genuine", null];
  const head = hex(payload.get(4)[1]), named = `${TOLD.strict[payload.get(1)] || ""} ${blank}`;
  const found = known.void.filter((one) => one.of === hex(desk.public) && ((one.head && one.head === head) || (one.blank && one.blank === named)));
  for (const [reason, verdict, sentence] of [["superseded", "superseded", "SUPERSEDED_BY"], ["resumed", "revoked", "ENDING_RESUMED"], ["spoiled", "revoked", "BLANK_SPOILED"]]) {
    const one = found.find((each) => each.reason === reason);
    if (one) return [verdict, [sentence, { by: one.by || "", number, blank }]];
  }
  return ["genuine", null];
}

async function checkText(text) {
  const draft = /^SARAPTAMA\/1 ([A-Z-]{1,40}) (\S{1,40}) ([0-9A-F]{64}) (DRAFT|SIGNED|ENDED)$/.exec(text);
  if (draft) return answer("unsigned", [[draft[4] === "DRAFT" ? "DRAFT" : "EARLIER", { number: draft[2] }]]);
  let statement;
  try { statement = readCode(text); } catch { return answer("altered", [["ALTERED"]]); }
  return judge(statement, null);
}

// Where the seal of a PDF stands, and how many electronic signatures the desk has sealed: the seal over a paper that bears
// some lies in the newest of them, in hexadecimal.
function sealOf(bytes) {
  const from = Math.max(0, bytes.length - 4096);
  const found = /%(SRP1:[0-9A-Z $%*+\-./:]+)\n(?=startxref\n[0-9]+\n%%EOF\n?$)/.exec(latin(bytes.subarray(from)));
  if (found) return { text: found[1], start: from + found.index, size: found[0].length, times: 0 };
  const whole = latin(bytes), mark = "535250313a", run = /(?:2[045abdef]|3[0-9a]|4[1-9a-f]|5[0-9a])+/y;
  let times = 0, last = null, start = -1;
  for (let at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, run.lastIndex)) {
    run.lastIndex = start = at;
    const text = run.exec(whole)[0];
    last = whole.startsWith("0a", at + text.length) ? text : null;
    if (last) times += 1;
  }
  if (last) return { text: latin(fromHex(last)), start, size: last.length, times };
  const before = [...whole.matchAll(/\nstartxref\n[0-9]{1,12}\n%%EOF\n/g)].some((end) => {
    const line = whole.slice(Math.max(0, end.index - 4096), end.index + 1).split("\n%").pop();
    return line.startsWith("SRP1:") && line.indexOf("\n") === line.length - 1;
  });
  const tail = whole.slice(from);
  return { before, cut: !whole.slice(-1024).includes("%%EOF"), enclosed: tail.includes("/Encrypt ") && !tail.includes("SRP1:") };
}

async function checkPdf(bytes) {
  const seal = sealOf(bytes), prefix = utf8("saraptama/paper/pdf/1\0");
  if (seal.text === undefined) {
    if (seal.enclosed) return answer("unread", [["ENCRYPTED"]]);
    if (seal.before) return answer("altered", [["BEHIND"]]);
    return seal.cut ? answer("damaged", [["CUT_OFF"]]) : answer("unsigned", [["NO_SEAL"]]);
  }
  const rest = new Uint8Array(prefix.length + bytes.length - seal.size);
  rest.set(prefix);
  rest.set(bytes.subarray(0, seal.start), prefix.length);
  rest.set(bytes.subarray(seal.start + seal.size), prefix.length + seal.start);
  let statement;
  try { statement = readCode(seal.text); } catch { return answer("altered", [["ALTERED_FILE"]]); }
  const judged = await judge(statement, await sha256(rest));
  if (seal.times && judged.verdict !== "altered") judged.sentences.push(["MEMBERS", { n: seal.times }], ["ELSEWHERE"]);
  return judged;
}

// ---- pictures
let reading = null;
function reader() {
  reading ||= (async () => {
    const wasmBinary = Uint8Array.from(atob($("wasm").textContent), (letter) => letter.charCodeAt(0)).buffer;
    await ZXingWASM.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  })();
  return reading;
}

async function codesIn(source, width, height, ways) {
  await reader();
  for (const [scale, filter] of ways) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    if (canvas.width < 50 || canvas.width * canvas.height > 4e7) continue;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.filter = filter || "none"; // noise vanishes in a blurred picture
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(pixels, { formats: ["QRCode"], tryHarder: true });
    const texts = found.map((one) => one.text).filter((text) => /^(SRP|SARAPTAMA\/)/.test(text));
    if (texts.length) return [...new Set(texts)];
  }
  return [];
}

async function worst(texts) {
  const answers = await Promise.all(texts.map(checkText));
  return answers.find((one) => one.verdict !== "genuine") || answers[0];
}

async function checkFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-") return checkPdf(bytes);
  if (bytes.length < 10000) {
    const text = new TextDecoder().decode(bytes).replace(/[\r\n]+$/, "");
    if (/^(SRP|SARAPTAMA\/)/.test(text)) return checkText(text);
  }
  let picture;
  try { picture = await createImageBitmap(file); } catch { return answer("unread", [["NO_PICTURE"]]); }
  const texts = await codesIn(picture, picture.width, picture.height, [[1], [1, "blur(1px)"], [0.5], [2], [0.25]]);
  return texts.length ? worst(texts) : answer("unread", [["NO_CODE"]]);
}

let stream = null;
async function camera() {
  if (stream) return stopCamera();
  const video = $("video");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } });
  } catch { $("said").textContent = word("no_camera"); return; }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  words();
  while (stream) {
    const texts = video.videoWidth ? await codesIn(video, video.videoWidth, video.videoHeight, [[1]]) : [];
    if (texts.length && stream) { stopCamera(); show(await worst(texts)); return; }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  $("video").hidden = true;
  words();
}

// ---- words
let language = (navigator.languages || []).map((one) => one.slice(0, 2)).find((one) => TOLD.words[one]) || "kk";
let shown = null;
const word = (key) => TOLD.words[language][key];
const day = (figures) => { const text = String(figures); return `${text.slice(6, 8)}.${text.slice(4, 6)}.${text.slice(0, 4)}`; };
const filled = (key, params = {}) => word(key).replace(/\{(\w+)\}/g, (all, name) => {
  const value = params[name];
  return value === undefined ? all : typeof value === "object" ? value[language] : String(value);
});

function rows(payload) {
  const term = (period) => TOLD.periods[`${period[0]}${period.length > 1 ? `:${period[1]}` : ""}`]?.[language] || period.join(" ");
  const named = (table, key) => TOLD[table][key]?.[language] || String(key);
  const short = (bytes) => bytes instanceof Uint8Array ? `${hex(bytes).slice(0, 16)}…` : "–";
  const numbered = payload.get(1) === TOLD.session ? "session" : payload.get(1) === TOLD.slip ? "exchange" : "case";
  const all = [
    ["document", payload.get(1), (value) => named("documents", value)], [numbered, payload.get(2), String],
    ["iin", payload.get(14), String], [numbered === "case" ? "on" : "day", payload.get(6), day],
    ["outcome", payload.get(7), (value) => named("outcomes", value)], ["period", payload.get(8), term],
    ["until", payload.get(9), day], ["general", payload.get(10), (value) => `${value} %`],
    ["professional", payload.get(11), (value) => `${value} %`], ["ending", payload.get(15), (value) => named("endings", value)],
    ["blank", payload.get(12), String], ["duplicate", payload.get(13), () => word("YES")],
    ["digest", payload.get(3), short], ["record", payload.get(4), (value) => `${value[0]}, ${short(value[1])}`],
  ];
  return all.filter(([, value]) => value !== undefined).map(([key, value, worded]) => [word(`label_${key}`), worded(value)]);
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(found) {
  shown = found;
  const card = element("div", "", `verdict ${found.verdict}`);
  const sign = found.verdict === "genuine" ? "✓" : found.verdict === "altered" || found.verdict === "revoked" ? "✕" : "!";
  card.dataset.verdict = found.verdict;
  card.append(element("h2", `${sign} ${word(`name_${found.verdict}`)}`));
  for (const [key, params] of found.sentences) card.append(element("p", filled(key, params)));
  if (found.payload) {
    const list = element("dl", "");
    let told = [];
    try { told = rows(found.payload); } catch { told = []; }
    for (const [label, value] of told) list.append(element("dt", label), element("dd", value));
    card.append(list);
  }
  $("answer").replaceChildren(card);
  $("answer").focus();
}

function words() {
  document.documentElement.lang = language;
  document.title = `Saraptama: ${word("title")}`;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed", one.dataset.language === language);
  $("camera").firstChild.textContent = word(stream ? "stop" : "camera");
  $("known").replaceChildren(...[...known.desks.values()].map((desk) =>
    element("li", `${desk.names[language]} · ${fingerprint(desk.id)} · ${day(desk.day.replaceAll("-", ""))}${desk.revoked ? ` · ${word("name_revoked")}` : ""}`)));
  $("forget").hidden = !stored().length;
  if (shown) show(shown);
}

// ---- what the page remembers between visits: files of keys, never papers
const STORE = "saraptama-paper-keys";
const stored = () => { try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; } };
const store = (all) => { try { localStorage.setItem(STORE, JSON.stringify(all)); } catch { /* a page that may not remember */ } };

async function addKeys(files) {
  $("said").textContent = "";
  for (const file of files) {
    const text = await file.text();
    try { await takeKeys(text, file.name); } catch { $("said").textContent = filled("bad_keys", { name: file.name }); continue; }
    store([...stored().filter((one) => one.text !== text), { name: file.name, text }]);
  }
  words();
}

const busy = async (work) => {
  $("answer").replaceChildren(element("p", word("working")));
  show(await work());
};
$("paper").addEventListener("change", (event) => { const [file] = event.target.files; if (file) busy(() => checkFile(file)); event.target.value = ""; });
$("keys").addEventListener("change", async (event) => { await addKeys([...event.target.files]); event.target.value = ""; });
$("check").addEventListener("click", () => busy(() => checkText($("text").value.trim())));
$("camera").addEventListener("click", camera);
$("forget").addEventListener("click", () => { store([]); location.reload(); });
for (const one of document.querySelectorAll("[data-language]")) one.addEventListener("click", () => { language = one.dataset.language; words(); });
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => {
  event.preventDefault();
  const [file] = name === "drop" ? event.dataTransfer.files : [];
  if (file) busy(() => checkFile(file));
});

words();
if (globalThis.crypto?.subtle === undefined) $("said").textContent = word("no_crypto");
for (const { name, text } of [...TOLD.keys, ...stored()]) { try { await takeKeys(text, name); } catch { /* said when it was added */ } }
words();
document.body.dataset.ready = "yes";
