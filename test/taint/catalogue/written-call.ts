import type { CodeLanguage } from '../../../src/code/index.ts';
import type { ArgumentPath, CallCondition } from '../../../src/taint/catalogue.ts';

/** What is written at one place of a call: an expression, or parts under keys and positions. */
type Written = string | Map<string | number, Written>;

/** Texts of which at least one has the form that a condition of any row wants. */
const SAMPLES: readonly string[] = [
  ...[
    'md5',
    'none',
    'TLSv1',
    'SSLv3_method',
    'sh',
    '-c',
    'python',
    'cmd.exe',
    'PickleSerializer',
    'Unsalted',
    'text/html',
  ],
  ...[
    'Location',
    'href',
    'modp1',
    '1024',
    '511',
    '0',
    '5',
    '1000',
    'des-cbc',
    'aes-128-ecb',
    'rsa',
    'POST',
    'fully_trusted',
  ],
  ...[
    'postgres://app:hunter2@db.example.test/app',
    'CERT_NONE',
    'AutoAddPolicy',
    'MODE_ECB',
    '.*',
    'null',
    '/tmp/name',
    'w',
  ],
  ...[
    'feature_external_ges',
    'true',
    'Access-Control-Allow-Origin',
    'unsafe',
    'ws://far.example.test/',
    '0.0.0.0',
    'defused',
  ],
  ...['application/json', 'SafeLoader', 'session_token', '*', 'DES', 'insertHTML', 'srcdoc', 'innerHTML', 'some value'],
  ...['java.io.File', 'SafeConstructor', 'app.query_params'],
];

/** A call that is being written down, argument by argument. */
export class WrittenCall {
  readonly language: CodeLanguage;
  readonly #arguments: Written = new Map();

  constructor(language: CodeLanguage) {
    this.language = language;
  }

  /** Put an expression where a path leads. */
  put(path: ArgumentPath, expression: string): void {
    const steps = stepsOf(path);
    let at: Written = this.#arguments;
    for (const [index, step] of steps.entries()) {
      if (typeof at === 'string') return;
      if (index === steps.length - 1) {
        if (!at.has(step)) at.set(step, expression);
        return;
      }
      const next = at.get(step) ?? new Map<string | number, Written>();
      at.set(step, next);
      at = next;
    }
  }

  has(path: ArgumentPath): boolean {
    return this.at(path) !== undefined;
  }

  at(path: ArgumentPath): string | undefined {
    let at: Written | undefined = this.#arguments;
    for (const step of stepsOf(path)) at = at instanceof Map ? at.get(step) : undefined;
    return at === undefined ? undefined : this.#render(at);
  }

  /** The arguments in brackets; positions that nobody filled are values of which nothing is known. */
  render(): string {
    if (typeof this.#arguments === 'string') return '()';
    const positions = [...this.#arguments.keys()].filter((key): key is number => typeof key === 'number');
    const last = Math.max(-1, ...positions);
    const positional = Array.from({ length: last + 1 }, (_, index) => this.at(index) ?? 'given');
    const keywords = [...this.#arguments].flatMap(([key, value]) =>
      typeof key === 'string' && this.language === 'python' ? [`${key}=${this.#render(value)}`] : [],
    );
    return `(${[...positional, ...keywords].join(', ')})`;
  }

  #render(written: Written): string {
    if (typeof written === 'string') return written;
    const keys = [...written.keys()];
    if (keys.every((key) => typeof key === 'number')) {
      const last = Math.max(...keys);
      const items = Array.from({ length: last + 1 }, (_, index) => written.get(index));
      return `[${items.map((item) => (item === undefined ? 'given' : this.#render(item))).join(', ')}]`;
    }
    return `{ ${[...written].map(([key, value]) => `"${key}": ${this.#render(value)}`).join(', ')} }`;
  }
}

function stepsOf(path: ArgumentPath): readonly (string | number)[] {
  if (typeof path === 'number') return [Math.max(0, path)];
  const steps = path.replaceAll('[', '.#').replaceAll(']', '').split('.');
  return steps.map((step) =>
    /^-?\d+$/.test(step) ? Math.max(0, Number(step)) : step.startsWith('#') ? Number(step.slice(1)) : step,
  );
}

/** An expression that fulfils a condition; undefined where none is written. */
export function fulfilling({ is, value = '' }: CallCondition, language: CodeLanguage): string | undefined {
  switch (is) {
    case 'true':
      return language === 'python' ? 'True' : 'true';
    case 'false':
      return language === 'python' ? 'False' : 'false';
    case 'present':
    case 'text':
    case 'constant':
      return '"some value"';
    case 'list':
      return '[given]';
    case 'exponential':
      return language === 'python' ? '"(a+)+$"' : '/(a+)+$/';
    case 'polynomial':
      return language === 'python' ? '"[ ]+$"' : '/[ ]+$/';
    case 'map':
      return '{ "some": given }';
    case 'equals':
      return /^\d+$/.test(value) ? value : JSON.stringify(value);
    case 'matches': {
      const sample = SAMPLES.find((text) => new RegExp(value, 'u').test(text));
      if (sample === undefined) throw new Error(`no sample has the form ${value}: add one to SAMPLES`);
      return /^\d+$/.test(sample) ? sample : JSON.stringify(sample);
    }
    default:
      return undefined;
  }
}

/** An expression that certainly does not fulfil a condition. */
export function violating({ is, value = '' }: CallCondition, language: CodeLanguage): string | undefined {
  switch (is) {
    case 'true':
      return language === 'python' ? 'False' : 'false';
    case 'false':
      return language === 'python' ? 'True' : 'true';
    case 'absent':
      return '"some value"';
    case 'equals':
    case 'matches': {
      const harmless = ['a harmless value', '448', '600000', '4096', 'sha256', 'aes-256-gcm', ''];
      const other = harmless.find((text) => text !== value && (is === 'equals' || !new RegExp(value, 'u').test(text)));
      return other === undefined ? undefined : /^\d+$/.test(other) ? other : JSON.stringify(other);
    }
    case 'present':
      return undefined;
    default:
      return 'given';
  }
}
