import type { PostingBundle, PostingFinding } from '../../../src/forges/index.ts';
import { fingerprint } from './remarks.ts';

export function findingAt(line: number, change: Partial<PostingFinding> = {}): PostingFinding {
  return {
    fingerprint: fingerprint(line),
    rule: 'CODE03',
    severity: 'high',
    confidence: 'high',
    title: 'Data from outside becomes part of a command',
    message: 'A part of the request reaches subprocess.call',
    advice: 'Start the program without a shell.',
    path: 'src/app.py',
    startLine: line,
    endLine: line,
    side: 'head',
    flow: [],
    ...change,
  };
}

export function bundleWith(change: Partial<PostingBundle> = {}): PostingBundle {
  return {
    format: 'sallyport-posting/1',
    producer: { command: 'review', version: '0.1.0' },
    createdAt: '2026-01-01T00:00:00.000Z',
    change: { headCommit: 'a'.repeat(40), baseCommit: 'c'.repeat(40) },
    verdict: 'blocked',
    blocks: true,
    complete: true,
    statement: 'This change brings something serious.',
    notes: ['3 of 3 changed stretches were looked at.'],
    reasons: [],
    findings: [findingAt(3), findingAt(15)],
    omitted: 0,
    labels: { add: [], remove: [] },
    ...change,
  };
}
