import type { SourceLocation } from '../../errors/index.ts';
import type { PolicyTest, TestSubject } from '../document.ts';
import { defined } from './defined.ts';
import { EntryError } from './entry-error.ts';
import type { TestInput } from './schema.ts';

/** One entry of `tests:`. @throws EntryError when it tries nothing, or two things */
export function readTests(input: TestInput, at: SourceLocation): PolicyTest {
  const subjects = subjectsOf(input.given);
  const [given] = subjects;
  if (given === undefined || subjects.length > 1) {
    throw new EntryError(
      '`given` names one thing to try',
      'Write one of tool, read, write, delete, fetch, model, merge.',
    );
  }
  return {
    name: input.name ?? describeSubject(given),
    given,
    labels: input.after ?? [],
    expect: input.expect,
    ...(input.by === undefined ? {} : { by: input.by }),
    at,
  };
}

function subjectsOf(given: TestInput['given']): readonly TestSubject[] {
  const subjects: TestSubject[] = [];
  if (given.tool !== undefined) subjects.push(readTool(given.tool));
  for (const operation of ['read', 'write', 'delete'] as const) {
    const path = given[operation];
    if (path !== undefined) subjects.push({ kind: 'file', operation, path });
  }
  if (given.fetch !== undefined) subjects.push(readFetch(given.fetch));
  if (given.model !== undefined) subjects.push({ kind: 'model', model: given.model });
  if (given.merge !== undefined) {
    const { paths, classes, approvals, findings, weakened, attestations, ...rest } = given.merge;
    subjects.push({
      kind: 'merge',
      change: {
        paths: paths ?? [],
        pathClasses: classes ?? [],
        approvals: approvals ?? 0,
        findings: {
          critical: findings?.critical ?? 0,
          high: findings?.high ?? 0,
          medium: findings?.medium ?? 0,
          low: findings?.low ?? 0,
        },
        weakened: weakened ?? [],
        attestations: attestations ?? [],
        ...defined(rest),
      },
    });
  }
  return subjects;
}

function readTool(text: string): TestSubject {
  const match = /^([^(]+?)(?:\(([\s\S]*)\))?$/.exec(text);
  const tool = match?.[1];
  if (tool === undefined)
    throw new EntryError(`'${text}' is not a tool call`, 'Write `Bash(git push)` or `Read(src/a.ts)`.');
  return { kind: 'tool', tool, ...(match?.[2] === undefined ? {} : { argument: match[2] }) };
}

function readFetch(text: string): TestSubject {
  const [first = '', second] = text.trim().split(/\s+/);
  const url = second ?? first;
  if (!URL.canParse(url)) throw new EntryError(`'${url}' is not a URL`, 'Write `GET https://docs.example.org/v1/x`.');
  return { kind: 'fetch', method: second === undefined ? 'GET' : first.toUpperCase(), url };
}

function describeSubject(given: TestSubject): string {
  switch (given.kind) {
    case 'tool':
      return given.argument === undefined ? given.tool : `${given.tool}(${given.argument})`;
    case 'file':
      return `${given.operation} ${given.path}`;
    case 'fetch':
      return `${given.method} ${given.url}`;
    case 'model':
      return `model ${given.model}`;
    case 'merge':
      return `merge of ${given.change.paths?.join(', ') ?? 'a change'}`;
  }
}
