import { argumentOf, type GroovyCall, type GroovyPart, type GroovyValue, stringOf } from '../../syntax/index.ts';
import { isSecretName } from '../text/names.ts';
import type { ShellVariable } from '../text/shell-variables.ts';
import { type FoundExpression, joinTexts, placeIn, textWith } from '../text/template-text.ts';
import type { TemplateText, ValueKind, ValueOrigin, ValueReference } from '../value.ts';

type Row = readonly [name: string, kind: ValueKind, origin: ValueOrigin];

/** Variables that Jenkins and its branch sources set; `CHANGE_*` comes from a pull request (Jenkins documentation). */
const ENVIRONMENT: readonly Row[] = [
  ['CHANGE_TITLE', 'line', 'outsider'],
  ['CHANGE_BRANCH', 'ref', 'outsider'],
  ['CHANGE_FORK', 'line', 'outsider'],
  ['CHANGE_AUTHOR', 'login', 'outsider'],
  ['CHANGE_AUTHOR_DISPLAY_NAME', 'line', 'outsider'],
  ['CHANGE_AUTHOR_EMAIL', 'line', 'outsider'],
  ['CHANGE_URL', 'enumeration', 'platform'],
  ['CHANGE_ID', 'number', 'platform'],
  ['CHANGE_TARGET', 'ref', 'insider'],
  ['BRANCH_NAME', 'ref', 'outsider'],
  ['GIT_BRANCH', 'ref', 'outsider'],
  ['GIT_LOCAL_BRANCH', 'ref', 'outsider'],
  ['GIT_AUTHOR_NAME', 'line', 'outsider'],
  ['GIT_AUTHOR_EMAIL', 'line', 'outsider'],
  ['GIT_COMMIT', 'sha', 'platform'],
  ['GIT_PREVIOUS_COMMIT', 'sha', 'platform'],
  ['TAG_NAME', 'ref', 'insider'],
  ['BUILD_NUMBER', 'number', 'platform'],
  ['BUILD_ID', 'number', 'platform'],
  ['BUILD_URL', 'enumeration', 'platform'],
  ['JOB_NAME', 'line', 'outsider'],
  ['JOB_BASE_NAME', 'line', 'outsider'],
  ['BUILD_TAG', 'line', 'outsider'],
  ['WORKSPACE', 'enumeration', 'platform'],
  ['NODE_NAME', 'enumeration', 'platform'],
  ['ghprbPullTitle', 'line', 'outsider'],
  ['ghprbPullLongDescription', 'text', 'outsider'],
  ['ghprbCommentBody', 'text', 'outsider'],
  ['ghprbSourceBranch', 'ref', 'outsider'],
  ['gitlabMergeRequestTitle', 'line', 'outsider'],
  ['gitlabMergeRequestDescription', 'text', 'outsider'],
  ['gitlabSourceBranch', 'ref', 'outsider'],
  ['gitlabTriggerPhrase', 'text', 'outsider'],
  ['GITHUB_COMMENT', 'text', 'outsider'],
  ['GITHUB_PR_TITLE', 'line', 'outsider'],
  ['GITHUB_PR_BODY', 'text', 'outsider'],
];

const TABLE: ReadonlyMap<string, ValueReference> = new Map(
  ENVIRONMENT.map(([name, kind, origin]) => [name, { name: `env.${name}`, kind, origin }]),
);

/** Calls whose result is text that somebody wrote. */
const READING: ReadonlySet<string> = new Set([
  'readFile',
  'readJSON',
  'readYaml',
  'readProperties',
  'httpRequest',
  'readTrusted',
]);
/** Commands whose output is content of the change. */
const CONTENT_COMMAND = /(?:^|[;&|]\s*|\n\s*)(?:git\s+(?:diff|log|show)|cat|head|tail|gh\s|glab\s|curl\s)/;
const IGNORED = new Set([
  'it',
  'this',
  'true',
  'false',
  'null',
  'in',
  'as',
  'instanceof',
  'new',
  'return',
  'String',
  'def',
  'currentBuild.number',
]);

/** What the names of a Jenkinsfile stand for at one point of it. */
export class GroovyScope {
  readonly parameters = new Map<string, ValueKind>();
  readonly locals = new Map<string, readonly ValueReference[]>();
  readonly environment = new Map<string, readonly ValueReference[]>();

  /** Values of a dotted name. */
  valuesOf(name: string): readonly ValueReference[] {
    const [head = '', second] = name.split('.');
    const bound = head === 'it' ? this.locals.get(head) : undefined;
    if (bound) return bound;
    if (IGNORED.has(name)) return [];
    if (head === 'params' && second) return [this.#parameter(second)];
    if (head === 'env' && second) return this.variable(second);
    if (head === 'pullRequest') return [{ name, kind: second === 'number' ? 'number' : 'text', origin: 'outsider' }];
    if (head === 'currentBuild' || head === 'scm') return [{ name, kind: 'line', origin: 'platform' }];
    const local = this.locals.get(head);
    if (local) return local;
    if (this.parameters.has(head)) return [this.#parameter(head)];
    if (/^[A-Z][A-Z0-9_]*$/.test(head) || TABLE.has(head)) return this.variable(head);
    return [{ name, kind: 'unknown', origin: 'unknown' }];
  }

  #parameter(name: string): ValueReference {
    const kind = this.parameters.get(name) ?? 'line';
    return { name: `params.${name}`, kind, origin: isSecretName(name) ? 'secret' : 'insider' };
  }

  /** Values of an environment variable. */
  variable(name: string): readonly ValueReference[] {
    const defined = this.environment.get(name);
    if (defined) return defined;
    const known = TABLE.get(name);
    if (known) return [known];
    if (this.parameters.has(name)) return [this.#parameter(name)];
    return [{ name: `env.${name}`, kind: 'line', origin: isSecretName(name) ? 'secret' : 'configuration' }];
  }

  /** Values that can come out of an expression of a string, by the names in it. */
  valuesIn(source: string): readonly ValueReference[] {
    const outside = source.slice(0, 4000).replace(/"[^"]*"|'[^']*'/g, ' ');
    const names = [...outside.matchAll(/(?<![\w.])[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)*(?!\s*\()/g)].map(([name]) =>
      name.replaceAll('?', ''),
    );
    const calls = [...outside.matchAll(/(?<![\w.])([A-Za-z_]\w*)\.[\w.]*\s*\(/g)].map(([, head]) => head ?? '');
    const inner = [...source.matchAll(/params\.get\(\s*['"](\w+)['"]/g)].map(([, name]) => `params.${name}`);
    return distinct([...names, ...calls, ...inner].flatMap((name) => this.valuesOf(name)));
  }

  /** Values of an assigned value. */
  valuesOfValue(value: GroovyValue): readonly ValueReference[] {
    return distinct(value.parts.flatMap((part) => this.#ofPart(part)));
  }

  #ofPart(part: GroovyPart): readonly ValueReference[] {
    switch (part.kind) {
      case 'string':
        if (part.interpolations.length === 0) return [{ name: 'text', kind: 'constant', origin: 'configuration' }];
        return part.interpolations.flatMap((one) => this.valuesIn(one.source));
      case 'reference':
        return this.valuesOf(part.name);
      case 'literal':
        return [{ name: 'number', kind: 'constant', origin: 'configuration' }];
      case 'call':
        return this.#ofCall(part);
      case 'list':
        return part.items.flatMap((item) => item.value.parts.flatMap((inner) => this.#ofPart(inner)));
      case 'closure':
        return [];
    }
  }

  #ofCall(call: GroovyCall): readonly ValueReference[] {
    if (call.receiver) return this.#ofCall(call.receiver);
    if (READING.has(call.name)) return [{ name: call.name, kind: 'text', origin: 'outsider' }];
    if (call.name === 'input') return [{ name: 'input', kind: 'line', origin: 'insider' }];
    if (call.name === 'credentials') return [{ name: credentialName(call), kind: 'line', origin: 'secret' }];
    if (call.name === 'sh' || call.name === 'bat' || call.name === 'powershell') {
      const script = stringOf(argumentOf(call, 'script') ?? argumentOf(call))?.text ?? '';
      return CONTENT_COMMAND.test(script)
        ? [{ name: 'output of the change', kind: 'text', origin: 'outsider' }]
        : [{ name: call.name, kind: 'text', origin: 'output' }];
    }
    const given = call.arguments.flatMap(({ value }) => value.parts.flatMap((part) => this.#ofPart(part)));
    const head = call.name.includes('.') ? this.valuesOf(call.name.slice(0, call.name.lastIndexOf('.'))) : [];
    return [...head, ...given];
  }

  /** A value as text: strings as they are, everything else as an expression that is put in before the shell sees it. */
  text(value: GroovyValue, file: string, source: string): TemplateText {
    const place = placeIn(file, value.span);
    return joinTexts(
      value.parts.map((part) => this.#partText(part, file, source)),
      '',
      place,
    );
  }

  #partText(part: GroovyPart, file: string, source: string): TemplateText {
    const place = placeIn(file, part.span);
    if (part.kind !== 'string') {
      const text = source.slice(part.span.start, part.span.end);
      const values = this.valuesOfValue({ parts: [part], span: part.span });
      const start = part.span.start;
      return textWith(text, place, (index) => start + index, [
        { index: 0, length: text.length, source: text, expanded: 'before', values },
      ]);
    }
    const found = part.interpolations.map(
      (one): FoundExpression => ({ ...one, expanded: 'before', values: this.valuesIn(one.source) }),
    );
    return textWith(part.text, place, (index) => part.offsetOf(index), found);
  }

  /** Variables that the shell fills in from the environment. */
  shellExpressions(
    text: string,
    variables: readonly ShellVariable[],
    assigned: ReadonlySet<string>,
  ): readonly FoundExpression[] {
    return variables
      .filter(({ name }) => !assigned.has(name) && /^[A-Za-z_]/.test(name))
      .map(({ name, index, length }) => ({
        index,
        length,
        source: text.slice(index, index + length),
        expanded: 'shell',
        values: this.variable(name),
      }));
  }
}

/** The identifier of `credentials('id')`. */
export function credentialName(call: GroovyCall): string {
  return stringOf(argumentOf(call))?.text ?? 'credentials';
}

function distinct(values: readonly ValueReference[]): readonly ValueReference[] {
  const seen = new Map(values.map((value) => [`${value.name} ${value.kind} ${value.origin}`, value]));
  return [...seen.values()].slice(0, 50);
}
