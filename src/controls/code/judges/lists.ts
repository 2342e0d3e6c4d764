import type { ListFact } from '../facts/index.ts';
import { countStrong, listPolarityOf, tellsOfAccess } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';

/** Elements that open by what they are, wherever they come to stand. */
const OPENING: readonly RegExp[] = [
  // Everything.
  /^(?:\*|\.\*|\*\/\*|0\.0\.0\.0\/0|::\/0|\/\*\*)$/,
  // Algorithms that protect nothing any more.
  /^(?:none|md5|sha1|des|rc4)$/i,
  // Classes and names of a rule that demands nothing.
  /(?:^|\.)(?:AllowAny|AllowAll\w{0,30}|PermitAll\w{0,30}|NoOp\w{0,40}|Anonymous\w{0,30}|Plaintext\w{0,40})$/,
];

/** Content that a browser or a server runs: it opens where files or markup are accepted. */
const RUNNING: readonly RegExp[] = [
  /^(?:text\/(?:html|xml|javascript)|image\/(?:svg\+xml|\*)|application\/(?:octet-stream|x-[\w.-]{1,40}|xhtml\+xml|java-archive|javascript)|\*\/\*)$/i,
  /^\.?(?:html?|xhtml|svg|php\d?|phtml|jspx?|aspx?|exe|sh|bat|cmd|ps1|jar|war|js|mjs|htaccess)$/i,
  /^(?:script|iframe|object|embed|srcdoc|on[a-z]{3,20}|javascript:?|vbscript:?)$/i,
  /^(?:file|gopher|dict|data|localhost|127\.0\.0\.1|169\.254\.169\.254):?$/i,
];

function isOneOf(rows: readonly RegExp[], element: string): boolean {
  return rows.some((row) => row.test(element));
}

/** Lists of what is allowed, refused or demanded. */
export function judgeLists(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('list');
  const used = new Set<ListFact>();
  return gone.flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    const after = come.find((list) => !used.has(list) && list.name === before.name && list.scope === scope);
    if (after === undefined) return [];
    used.add(after);
    return [...judgePair(before, after, sides), ...judgeSequence(before, after)];
  });
}

/** Lists of what does harm: whatever leaves them is let through. */
const NAMES_DANGER = /dangerous|forbidden|illegal|malicious|prohibited|sensitive/i;

const CHAIN = /^(?:\w{0,30}middlewares?|\w{0,30}interceptors?|\w{0,30}guards|\w{0,30}filters|before\w{0,30})$/i;

/** A list of what runs in turn, in another order: a check stands behind something that it stood before. */
function judgeSequence(before: ListFact, after: ListFact): readonly Judgement[] {
  const both = before.elements.filter((element) => after.elements.includes(element)).slice(0, 100);
  const late = (check: string, other: string): boolean =>
    before.elements.indexOf(check) < before.elements.indexOf(other) &&
    after.elements.indexOf(check) > after.elements.indexOf(other);
  const isCheck = (element: string): boolean => countStrong(element) > 0;
  const pair = both
    .filter(isCheck)
    .flatMap((check) => both.flatMap((other) => (!isCheck(other) && late(check, other) ? [{ check, other }] : [])))[0];
  if (!CHAIN.test(before.name) || pair === undefined) return [];
  const { check, other } = pair;
  return [
    {
      control: 'middleware-order-changed',
      group: 'route',
      direction: 'weakened',
      severity: /upload|save|write|update|parse|route/i.test(other) ? 'high' : 'medium',
      message: `\`${clip(check, 60)}\` stands behind \`${clip(other, 60)}\` in \`${clip(before.name, 40)}\`${inScope(after.scope)} now: it runs after it.`,
      subject: `${before.name} ${check}`,
      before,
      after,
    },
  ];
}

/** Which fields a schema demands says nothing of what they are. */
function topicOf(name: string): string {
  return name === 'required' ? '' : name;
}

/** Whether what an element names went from all that differs in the file: then nothing is left for the list to speak of. */
function isNamedNowhere(element: string, { before, after }: Sides): boolean {
  const name = element.replace(/^['"`]|['"`]$/g, '');
  return (before.words.get(name) ?? 0) > 1 && !after.words.has(name);
}

function judgePair(before: ListFact, after: ListFact, sides: Sides): readonly Judgement[] {
  const lost = before.elements.filter((element) => !after.elements.includes(element));
  const found = after.elements.filter((element) => !before.elements.includes(element));
  const name = clip(before.name, 50);
  const base = { group: 'list', before, after } as const;
  const where = inScope(after.scope);
  const polarity = listPolarityOf(before.name) || (/algorithms?|ciphers?|methods?/i.test(before.name) ? -1 : 0);
  const renamed = lost.length === found.length && lost.length > 2;
  if (polarity === 0 || renamed) return [];
  const opened = polarity === -1 ? found : lost.filter((element) => !isNamedNowhere(element, sides));
  const closed = polarity === -1 ? lost : found;
  const judgements: Judgement[] = [];
  if (opened.length > 0) {
    const verb =
      polarity === -1
        ? `now holds \`${clip(opened.join(', '), 60)}\``
        : `no longer holds \`${clip(opened.join(', '), 60)}\``;
    const isWild =
      [...found, ...opened].some((element) => isOneOf(OPENING, element)) ||
      (polarity === -1 && opened.some((element) => isOneOf(RUNNING, element)));
    // The addresses that a middleware looks at: what is no longer named passes it by.
    const isMatcher = before.name === 'matcher' && opened.some((element) => element.startsWith('/'));
    const isSecret =
      polarity === 1 &&
      (isMatcher || tellsOfAccess(`${topicOf(before.name)} ${opened.join(' ')}`) || NAMES_DANGER.test(before.name)) &&
      !opened.every((element) => /^\d{1,5}$/.test(element));
    judgements.push({
      ...base,
      control: polarity === -1 ? 'allow-list-widened' : 'deny-list-shrunk',
      direction: 'weakened',
      severity: isWild ? 'high' : isSecret && closed.length === 0 ? 'high' : closed.length > 0 ? 'low' : 'medium',
      message: `The list \`${name}\`${where} ${verb}.`,
      subject: `${name} ${opened.join()}`,
    });
  }
  if (closed.length > 0) {
    const message = `The list \`${name}\`${where} ${polarity === -1 ? 'lost' : 'gained'} \`${clip(closed.join(', '), 60)}\`.`;
    judgements.push({
      ...base,
      control: 'list-strengthened',
      direction: 'strengthened',
      severity: 'low',
      message,
      subject: `${name} ${closed.join()}`,
    });
  }
  return judgements;
}
