import { argumentsOf, partOf, type Term } from './term.ts';

/** Comparisons are written with the smaller sign and with sorted sides where the order means nothing. */
const MIRRORED: { readonly [operator: string]: string } = { '>': '<', '>=': '<=' };
const SYMMETRIC = new Set(['==', '===', '!=', '!==', 'is', 'is not']);

/** Options of one rendering. */
export interface Rendering {
  /** Names of variables as they are called on the other side. */
  readonly rename?: ReadonlyMap<string, string>;
  /** Leave out what stands inside functions, for people. */
  readonly brief?: boolean;
}

/** The normal text of a term: the same for code that differs in spelling only. */
export function renderTerm(term: Term, options: Rendering = {}): string {
  const render = (part: Term | undefined): string => (part === undefined ? '' : renderTerm(part, options));
  const all = (parts: readonly Term[], separator = ', '): string => parts.map(render).join(separator);
  switch (term.kind) {
    case 'name':
      return options.rename?.get(term.text) ?? term.text;
    case 'self':
    case 'number':
    case 'constant':
      return term.text;
    case 'string':
      return `'${term.text}'`;
    case 'text':
      return `\`${options.brief === true ? term.text : term.text.replace(/\s+/g, ' ')}\``;
    case 'regex':
      return `/${term.text}/${render(partOf(term, 'flags'))}`;
    case 'member':
      return renderMember(term, options);
    case 'index':
      return `${render(term.parts[0])}[${all(term.parts.slice(1))}]`;
    case 'call':
    case 'new':
      return `${term.kind === 'new' ? 'new ' : ''}${render(partOf(term, 'callee'))}(${all(argumentsOf(term))})`;
    case 'list':
      return `[${all(term.parts)}]`;
    case 'map':
      return `{${all(term.parts)}}`;
    case 'pair':
      return `${renderKey(term.parts[0], options)}: ${all(term.parts.slice(1))}`;
    case 'not':
      return `!${all(term.parts)}`;
    case 'and':
      return `(${all(term.parts, ' && ')})`;
    case 'or':
      return `(${all(term.parts, ' || ')})`;
    case 'compare':
      return renderComparison(term.text, term.parts.map(render));
    case 'operation':
      return term.parts.length === 1 ? `${term.text} ${all(term.parts)}` : `(${all(term.parts, ` ${term.text} `)})`;
    case 'assign':
      return `${render(partOf(term, 'left'))} ${term.text.replace(':=', '=') || '='} ${render(partOf(term, 'right'))}`;
    case 'function':
      return options.brief === true ? '(…)' : `function(${all(term.parts, '; ')})`;
    case 'spread':
      return `...${all(term.parts)}`;
    case 'decorator':
      return `@${all(term.parts, ' ')}`;
    case 'conditional':
      return all(term.parts, ' ? ');
    case 'await':
    case 'return':
    case 'throw':
    case 'delete':
      return `${term.kind} ${all(term.parts)}`.trim();
    case 'block':
    case 'other':
      return term.parts.length === 0 ? term.text : all(term.parts, '; ');
    default:
      return `${term.kind}(${term.text}${all(term.parts, '; ')})`;
  }
}

/** The text of a comparison whose sides are rendered. */
export function renderComparison(operator: string, sides: readonly string[]): string {
  const [left = '', right = ''] = sides;
  if (sides.length !== 2) return `(${sides.join(` ${operator} `)})`;
  const mirrored = MIRRORED[operator];
  if (mirrored !== undefined) return `${right} ${mirrored} ${left}`;
  return SYMMETRIC.has(operator) && right < left ? `${right} ${operator} ${left}` : `${left} ${operator} ${right}`;
}

/** Properties are no variables: they keep their names. */
function renderMember(term: Term, options: Rendering): string {
  const property = partOf(term, 'property') ?? term.parts.at(-1);
  const object = term.parts[0];
  if (object === undefined || object === property) return property?.text ?? '';
  return `${renderTerm(object, options)}.${property?.text ?? ''}`;
}

function renderKey(key: Term | undefined, options: Rendering): string {
  return key === undefined ? '' : key.kind === 'name' || key.kind === 'string' ? key.text : renderTerm(key, options);
}

/** A short text for a sentence. */
export function showTerm(term: Term, most = 90): string {
  return clip(renderTerm(term, { brief: true }), most);
}

/** One line of at most `most` characters. */
export function clip(text: string, most = 90): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** The names along a chain of members and calls: `a.b(c).d` is a, b, d. */
export function namesOf(term: Term): readonly string[] {
  const names: string[] = [];
  let at: Term | undefined = term;
  while (at !== undefined) {
    if (at.kind === 'name' || at.kind === 'self') names.unshift(...at.text.split('.'));
    if (at.kind === 'member') {
      const property: Term | undefined = partOf(at, 'property') ?? at.parts.at(-1);
      names.unshift(property?.text ?? '');
      at = at.parts[0] === property ? undefined : at.parts[0];
    } else
      at =
        at.kind === 'call' || at.kind === 'new' ? partOf(at, 'callee') : at.kind === 'index' ? at.parts[0] : undefined;
  }
  return names.filter((name) => name !== '');
}

/** The last name of a callee, a member or a name. */
export function lastName(term: Term | undefined): string {
  return term === undefined ? '' : (namesOf(term).at(-1) ?? '');
}
