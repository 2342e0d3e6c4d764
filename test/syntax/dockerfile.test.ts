import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  DOCKERFILE_LIMITS,
  type DockerInstruction,
  readDockerfile,
  readPairs,
  splitWords,
} from '../../src/syntax/index.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

function read(text: string): readonly DockerInstruction[] {
  return readDockerfile({ path: 'Dockerfile', text }).instructions;
}

function sliced(text: string, span: { readonly start: number; readonly end: number }): string {
  return text.slice(span.start, span.end);
}

describe('reading a Dockerfile', () => {
  it('joins continuation lines, drops comments between them, and keeps the place of every character', () => {
    const text = 'FROM a\n\nRUN one \\\n  # a comment\n\n  two \\\n  three\nUSER node\n';
    const [, run] = read(text);
    assert.equal(run?.body.text, 'one   two   three');
    const at = run?.body.text.indexOf('three') ?? -1;
    assert.equal(text.slice(run?.body.offsetOf(at), (run?.body.offsetOf(at) ?? 0) + 5), 'three');
    assert.equal(sliced(text, run?.span ?? { start: 0, end: 0 }), 'RUN one \\\n  # a comment\n\n  two \\\n  three');
  });

  it('obeys the escape directive, and only at the top', () => {
    const text = '# escape=`\nFROM a\nRUN dir C:\\ `\n  more\n';
    assert.equal(read(text)[1]?.body.text, 'dir C:\\   more');
    assert.equal(read('FROM a\n# escape=`\nRUN a `\nUSER b\n').length, 3);
  });

  it('reads the exec form with escapes, and takes a broken array for shell text', () => {
    const text = 'FROM a\nCMD ["cl\\u0061ude", "-p", "say \\"hi\\""]\nCMD [claude]\n';
    const [, exec, shell] = read(text);
    assert.deepEqual(
      exec?.exec?.map(({ value }) => value.text),
      ['claude', '-p', 'say "hi"'],
    );
    assert.equal(sliced(text, exec?.exec?.[1]?.span ?? { start: 0, end: 0 }), '"-p"');
    assert.equal(shell?.exec, undefined);
    const wordsOf = (body: string) => read(`CMD ${body}\n`)[0]?.exec?.map(({ value }) => value.text);
    for (const [body, words] of [
      ['[]', []],
      ['[ ]', []],
      ['["a"]', ['a']],
      ['[ "a" , "b" ]', ['a', 'b']],
    ] as const)
      assert.deepEqual(wordsOf(body), words, body);
    for (const body of ['["a",]', '["a" , ]', '[,]', '["a" "b"]', '["a", b]', '["a"', '["a"] x', "['a']", '["a\\x"]'])
      assert.equal(wordsOf(body), undefined, body);
  });

  it('reads here-documents, several of them, with and without variables', () => {
    const text = 'FROM a\nRUN <<ONE cat > x && <<-"TWO" cat > y\nfirst $A\nONE\n\tsecond\n\tTWO\nUSER b\n';
    const [, run, user] = read(text);
    assert.deepEqual(
      run?.hereDocuments.map(({ delimiter, expands, body }) => [delimiter, expands, body.text]),
      [
        ['ONE', true, 'first $A\n'],
        ['TWO', false, 'second\n'],
      ],
    );
    assert.equal(user?.keyword, 'USER');
    assert.equal(run?.hereDocuments[1]?.body.offsetOf(0), text.indexOf('second'));
  });

  it('says that a here-document never ends, and takes a here-string for what it is', () => {
    assert.match(readDockerfile({ path: 'Dockerfile', text: 'RUN <<EOF\nx\n' }).gaps[0]?.message ?? '', /never ends/);
    const [run, user] = read('RUN cat <<<EOF\nUSER b\n');
    assert.deepEqual([run?.hereDocuments.length, user?.keyword], [0, 'USER']);
  });

  it('marks what ONBUILD does to others', () => {
    const [run] = read('ONBUILD RUN make\n');
    assert.deepEqual([run?.keyword, run?.onBuild, run?.body.text], ['RUN', true, 'make']);
  });

  it('parts flags from the rest', () => {
    const [run] = read('RUN --mount=type=secret,id=x --network=none make --all\n');
    assert.deepEqual(
      run?.flags.map(({ name, value }) => [name, value.text]),
      [
        ['mount', 'type=secret,id=x'],
        ['network', 'none'],
      ],
    );
    assert.equal(run?.body.text, 'make --all');
  });

  it('reads pairs in every spelling, with the place of each value', () => {
    const text = 'ENV A=1 B="two words" C=\'3\' D=a\\ b\n';
    const [env] = read(text);
    assert.ok(env);
    const pairs = readPairs('ENV', env.body);
    assert.deepEqual(
      pairs.map(({ name, value }) => [name, value?.value.text]),
      [
        ['A', '1'],
        ['B', 'two words'],
        ['C', '3'],
        ['D', 'a b'],
      ],
    );
    assert.equal(sliced(text, pairs[1]?.value?.span ?? { start: 0, end: 0 }), '"two words"');
  });

  it('reads the old form of ENV and a bare ARG', () => {
    const [env, arg] = read('ENV KEY the whole rest\nARG TOKEN\n');
    assert.ok(env && arg);
    assert.equal(readPairs('ENV', env.body)[0]?.value?.value.text, 'the whole rest');
    assert.deepEqual(
      readPairs('ARG', arg.body).map(({ name, value }) => [name, value]),
      [['TOKEN', undefined]],
    );
  });

  it('starts behind a byte order mark and reads Windows line ends', () => {
    const instructions = read('\ufeffFROM a\r\nRUN one \\\r\n two\r\n');
    assert.deepEqual(
      instructions.map(({ keyword, body }) => [keyword, body.text]),
      [
        ['FROM', 'a'],
        ['RUN', 'one  two'],
      ],
    );
  });

  it('stops at the cap and says so', () => {
    const { instructions, gaps } = readDockerfile({
      path: 'Dockerfile',
      text: 'RUN x\n'.repeat(DOCKERFILE_LIMITS.instructions + 1),
    });
    assert.equal(instructions.length, DOCKERFILE_LIMITS.instructions);
    assert.equal(gaps[0]?.kind, 'cap');
  });

  it('reads any text without an exception, and every place lies in it', () => {
    const line = fc.constantFrom(
      'FROM a AS b',
      'RUN <<E',
      'E',
      'RUN x \\',
      '# c',
      'ENV A="',
      "ENV A='b c",
      'CMD ["a',
      'ONBUILD',
      'RUN --mount',
      '`',
      '\t',
      '\\',
      'ARG =',
      '\u{1f600}',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');
        for (const { span, body, exec, hereDocuments } of read(text)) {
          assert.ok(span.start >= 0 && span.end <= text.length && span.start <= span.end);
          for (const mapped of [
            body,
            ...hereDocuments.map((one) => one.body),
            ...(exec ?? []).map((one) => one.value),
          ]) {
            const offset = mapped.offsetOf(mapped.text.length);
            assert.ok(offset >= 0 && offset <= text.length);
          }
          splitWords(body);
          readPairs('ENV', body);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
