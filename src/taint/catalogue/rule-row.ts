import type { RuleDescriptor, RuleExample } from '../../findings/index.ts';

/** What a rule about code has of its own. */
export type CodeRule = Pick<
  RuleDescriptor,
  'id' | 'name' | 'title' | 'what' | 'why' | 'advice' | 'sources' | 'severity'
> & {
  /** The class; findings of single rows may name a narrower one. */
  readonly cwe: number;
  readonly attack: RuleExample;
  readonly benign: RuleExample;
  readonly confidence?: RuleDescriptor['confidence'];
  readonly tier?: RuleDescriptor['tier'];
  /** Further public classes: `OWASP-A03:2021`. */
  readonly classes?: readonly string[];
};

/** The descriptor of a rule about code. None has a fix of its own: patches are made and tested by the review. */
export function describeRule(rule: CodeRule): RuleDescriptor {
  const { cwe, attack, benign, confidence = 'high', tier = 'regular', classes = [], ...rest } = rule;
  return {
    ...rest,
    confidence,
    tier,
    family: 'CODE',
    fix: 'none',
    tags: [`CWE-${cwe}`, ...classes],
    attack: [attack],
    benign: [benign],
  };
}

/** An example in Python. */
export function python(...lines: readonly string[]): RuleExample {
  return { file: 'app.py', text: `${lines.join('\n')}\n` };
}

/** An example in JavaScript. */
export function javascript(...lines: readonly string[]): RuleExample {
  return { file: 'server.js', text: `${lines.join('\n')}\n` };
}

/** An example of a shell script. */
export function shell(...lines: readonly string[]): RuleExample {
  return { file: 'build.sh', text: `#!/bin/sh\n${lines.join('\n')}\n` };
}

/** An example of a Dockerfile. */
export function dockerfile(...lines: readonly string[]): RuleExample {
  return { file: 'Dockerfile', text: `${lines.join('\n')}\n` };
}
