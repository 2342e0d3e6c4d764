import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findStructuralWeaknesses } from '../../../src/taint/patterns/index.ts';
import { lowerFiles } from '../catalogue/analysed.ts';

async function rules(options: string, call = 'app.use(cors(OPTIONS));'): Promise<readonly string[]> {
  const text = `import cors from 'cors';\n${call.replace('OPTIONS', () => options)}\n`;
  return findStructuralWeaknesses(await lowerFiles({ 'src/app.ts': text }), undefined).map(({ rule }) => rule);
}

describe('an origin that whoever asks may have', () => {
  it('is reported when a function permits it without a look', async () => {
    for (const origin of [
      '(origin, done) => done(null, true)',
      '(origin, done) => { done(null, origin); }',
      'function (origin, done) { return done(null, true); }',
      '(origin) => origin',
      '() => true',
    ])
      assert.deepEqual(await rules(`{ origin: ${origin}, credentials: true }`), ['CODE53'], origin);
  });

  it('is reported when a pattern only has to hold somewhere', async () => {
    for (const origin of ['/example\\.test/', '/^https:\\/\\/example\\.test/', '/example\\.test$/'])
      assert.deepEqual(await rules(`{ origin: ${origin}, credentials: true }`), ['CODE53'], origin);
  });

  it('is reported wherever the options are given', async () => {
    const options = '{ origin: (origin, done) => done(null, true), credentials: true }';
    assert.deepEqual(await rules(options, 'app.enableCors(OPTIONS);'), ['CODE53']);
    assert.deepEqual(await rules(options, 'app.register(cors, OPTIONS);'), ['CODE53']);
  });

  it('is told from one that is looked up, and from answers without cookies', async () => {
    for (const options of [
      '{ origin: (origin, done) => done(null, LIST.includes(origin)), credentials: true }',
      "{ origin: (origin, done) => { if (!LIST.has(origin)) return done(new Error('no')); done(null, true); }, credentials: true }",
      "{ origin: (origin) => (origin.endsWith('.example.test') ? origin : null), credentials: true }",
      '{ origin: /^https:\\/\\/[a-z]+\\.example\\.test$/, credentials: true }',
      '{ origin: /\\.example\\.test$/, credentials: true }',
      "{ origin: 'https://example.test', credentials: true }",
      '{ origin: (origin, done) => done(null, true) }',
    ])
      assert.deepEqual(await rules(options), [], options);
  });
});
