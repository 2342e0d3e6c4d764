import type { Certainty } from '../../facts/index.ts';
import { escapeHtml } from '../../text/index.ts';
import type { AgentEntry, Service } from '../model.ts';

/** Width and layout of the picture in its own units. */
const WIDTH = 1000;
const BOX = { width: 190, height: 40, gap: 12 } as const;
const COLUMNS = { trigger: 20, agent: 275, credential: 530, host: 790 } as const;
const TOP = 44;
const ROW = BOX.height + BOX.gap;
/** Distance between edges that run beside each other. */
const LANE = 7;
/** Rows of one column; what does not fit is counted in the last. */
const MOST_ROWS = 10;
/** Room for text in a box. */
const TEXT_WIDTH = 172;
/** Widths of letters of a usual sans-serif at the title's 12 units; the line below is smaller. */
const WIDE = /[A-Z_@mw%…]/;
const NARROW = /[ijlft.,:;'| ()-]/;
const LETTER = { wide: 8.6, narrow: 4.4, other: 7.1 } as const;
const SUB_SCALE = 10.5 / 12;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly sub: string;
  readonly style: Certainty | 'agent' | 'plain';
}

interface Draft {
  readonly title: string;
  readonly sub: string;
  readonly style: Box['style'];
}

/** Who starts it → the agent → what it holds → where that can go, with the boundaries of trust between them. */
export function drawPicture(agent: AgentEntry): string {
  const triggers = column(COLUMNS.trigger, triggerBoxes(agent));
  const credentials = column(COLUMNS.credential, credentialBoxes(agent));
  const hosts = column(COLUMNS.host, agent.services.map(hostBox));
  const links = hosts.map((_, index) => openersOf(agent.services[index], agent, credentials));
  const direct = links.filter((openers) => openers.length === 0).length;
  const below = TOP + credentials.length * ROW;
  const bottom = Math.max(TOP + Math.max(triggers.length, hosts.length, 2) * ROW, below + direct * LANE);
  const sub = `mode ${agent.mode}, gate ${agent.gateStrength} of 5`;
  const self: Box = { x: COLUMNS.agent, y: (TOP + bottom - ROW) / 2, title: agent.product, sub, style: 'agent' };
  let lane = below;
  const outward = hosts.flatMap((box, index): readonly string[] => {
    const openers = links[index] ?? [];
    if (openers.length > 0) return openers.map((one) => edge(one, box, one.style));
    lane += LANE;
    return [bypass(self, box, lane - LANE, agent.services[index]?.zone === 'public' ? 'unknown' : 'plain')];
  });
  const edges = [
    ...triggers.map((box) => edge(box, self, box.style)),
    ...credentials.filter(({ style }) => style !== 'no').map((box) => edge(self, box, box.style)),
    ...outward,
  ];
  const boxes = [...triggers, self, ...credentials, ...hosts].map(drawBox);
  const height = bottom + BOX.gap;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(labelOf(agent))}">
${zones(height)}
${edges.join('\n')}
${boxes.join('\n')}
</svg>`;
}

function labelOf({ product, job, startedBy, credentials, services }: AgentEntry): string {
  return `${product} in job ${job}: started by ${startedBy}, ${credentials.length} credentials, ${services.length} services`;
}

/** Outside, the pipeline, outside: the dashed lines are what data crosses. */
function zones(height: number): string {
  const left = 242;
  const right = 755;
  const heads: readonly (readonly [number, string])[] = [
    [COLUMNS.trigger, 'who starts it'],
    [COLUMNS.agent, 'agent'],
    [COLUMNS.credential, 'credentials'],
    [COLUMNS.host, 'hosts and services'],
  ];
  return [
    `<rect class="zone" width="${left}" height="${height}"/>`,
    `<rect class="zone ci" x="${left}" width="${right - left}" height="${height}"/>`,
    `<rect class="zone" x="${right}" width="${WIDTH - right}" height="${height}"/>`,
    ...[left, right].map((x) => `<line class="boundary" x1="${x}" y1="0" x2="${x}" y2="${height}"/>`),
    ...heads.map(([x, text]) => `<text class="head" x="${x}" y="26">${text}</text>`),
  ].join('\n');
}

function triggerBoxes(agent: AgentEntry): readonly Draft[] {
  return agent.triggers.map(({ event, who, untrusted }) => ({
    title: event,
    sub: `${who}${untrusted ? ', untrusted' : ''}`,
    style: untrusted ? 'yes' : 'plain',
  }));
}

function credentialBoxes(agent: AgentEntry): readonly Draft[] {
  return agent.credentials.map(({ name, class: kind, exposure, reachable }) => ({
    title: name,
    sub: `${kind}, ${exposure}`,
    style: reachable,
  }));
}

function hostBox(service: Service): Draft {
  const secret = service.flows.find(
    ({ direction, classification }) => direction === 'outbound' && classification === 'secret',
  );
  return {
    title: service.hosts[0] ?? service.name,
    sub: `${service.kind}, ${service.zone}`,
    style: service.zone === 'public' ? 'yes' : secret === undefined ? 'plain' : secret.certainty,
  };
}

function column(x: number, drafts: readonly Draft[]): readonly Box[] {
  const shown = drafts.length > MOST_ROWS ? drafts.slice(0, MOST_ROWS - 1) : drafts;
  const rest: readonly Draft[] =
    shown.length < drafts.length
      ? [{ title: `and ${drafts.length - shown.length} more`, sub: '', style: 'plain' }]
      : [];
  return [...shown, ...rest].map((draft, row) => ({ ...draft, x, y: TOP + row * ROW }));
}

/** The credentials by which the agent opens the service; none where it needs none, or the service only sends. */
function openersOf(service: Service | undefined, agent: AgentEntry, credentials: readonly Box[]): readonly Box[] {
  if (service === undefined) return [];
  return credentials.filter((_, index) => opens(agent.credentials[index]?.class, service.kind));
}

function opens(kind: AgentEntry['credentials'][number]['class'] | undefined, service: Service['kind'] | undefined) {
  if (service === 'model') return kind === 'model-key';
  return service === 'forge' && (kind === 'forge-token' || kind === 'personal-token');
}

function edge(from: Box, to: Box, style: Box['style']): string {
  const x1 = from.x + BOX.width;
  const y1 = from.y + BOX.height / 2;
  const y2 = to.y + BOX.height / 2;
  const bend = (to.x - x1) / 2;
  return `<path class="edge ${style}" d="M${x1} ${y1}C${x1 + bend} ${y1} ${to.x - bend} ${y2} ${to.x} ${y2}"/>`;
}

/** From the agent to a host in a lane of its own below the credentials, so that it seems to touch none of them. */
function bypass(from: Box, to: Box, lane: number, style: Box['style']): string {
  const x1 = from.x + BOX.width;
  const y1 = from.y + BOX.height / 2;
  const y2 = to.y + BOX.height / 2;
  const left = COLUMNS.credential;
  const right = left + BOX.width;
  const first = (left - x1) / 2;
  const second = (to.x - right) / 2;
  return [
    `<path class="edge ${style}" d="M${x1} ${y1}C${x1 + first} ${y1} ${left - first} ${lane} ${left} ${lane}`,
    `H${right}C${right + second} ${lane} ${to.x - second} ${y2} ${to.x} ${y2}"/>`,
  ].join('');
}

function drawBox({ x, y, title, sub, style }: Box): string {
  return [
    `<g><title>${escapeHtml(sub === '' ? title : `${title}: ${sub}`)}</title>`,
    `<rect class="box ${style}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text x="${x + 10}" y="${y + 17}">${escapeHtml(cut(title, TEXT_WIDTH))}</text>`,
    `<text class="sub" x="${x + 10}" y="${y + 32}">${escapeHtml(cut(sub, TEXT_WIDTH / SUB_SCALE))}</text></g>`,
  ].join('');
}

/** The end of a name tells more than its middle. */
function cut(text: string, width: number): string {
  const letters = [...text];
  if (widthOf(letters) <= width) return text;
  let kept = letters.length - 1;
  while (kept > 2 && widthOf(shortened(letters, kept)) > width) kept -= 1;
  return shortened(letters, kept).join('');
}

function shortened(letters: readonly string[], kept: number): readonly string[] {
  const tail = Math.floor(kept / 2);
  return [...letters.slice(0, kept - tail), '…', ...letters.slice(-tail)];
}

function widthOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter) => sum + LETTER[sizeOf(letter)], 0);
}

function sizeOf(letter: string): keyof typeof LETTER {
  // Letters of other scripts may be as wide as they are high.
  if (WIDE.test(letter) || letter > '\u2fff') return 'wide';
  return NARROW.test(letter) ? 'narrow' : 'other';
}
