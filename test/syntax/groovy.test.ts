import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  argumentOf,
  type GroovyBlock,
  type GroovyCall,
  type GroovyPart,
  readGroovy,
  stringOf,
} from '../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

function partsOf(block: GroovyBlock): readonly GroovyPart[] {
  return block.statements.flatMap(({ value }) => value.parts);
}

function firstCall(text: string): GroovyCall {
  const call = partsOf(readGroovy({ path: 'Jenkinsfile', text }).block).find((part) => part.kind === 'call');
  assert.ok(call?.kind === 'call', text);
  return call;
}

describe('Groovy reader', () => {
  it('reads a call without parentheses, with parentheses and with named arguments alike', () => {
    for (const text of [
      "sh 'make'",
      "sh('make')",
      'sh "make"',
      "sh script: 'make'",
      "sh(script: 'make', returnStdout: true)",
    ]) {
      const call = firstCall(text);
      assert.equal(call.name, 'sh');
      assert.equal(stringOf(argumentOf(call, 'script') ?? argumentOf(call))?.text, 'make');
    }
  });

  it('finds interpolations in double quotes and none in single quotes', () => {
    const double = stringOf(argumentOf(firstCall(`sh "echo \${env.CHANGE_TITLE} $BRANCH_NAME"`)));
    assert.deepEqual(double?.interpolations, [
      { index: 5, length: 19, source: 'env.CHANGE_TITLE' },
      { index: 25, length: 12, source: 'BRANCH_NAME' },
    ]);
    const single = stringOf(argumentOf(firstCall(`sh 'echo \${env.CHANGE_TITLE} $BRANCH_NAME'`)));
    assert.deepEqual(single?.interpolations, []);
  });

  it('leaves an escaped dollar sign to the shell', () => {
    const string = stringOf(argumentOf(firstCall(String.raw`sh "echo \${HOME} \$USER"`)));
    assert.equal(string?.text, `echo \${HOME} $USER`);
    assert.deepEqual(string?.interpolations, []);
  });

  it('knows where each character of a string stands, escapes and line ends included', () => {
    const text = `sh """a\\tb\n  \${params.X}"""`;
    const string = stringOf(argumentOf(firstCall(text)));
    assert.ok(string);
    assert.equal(string.text, `a\tb\n  \${params.X}`);
    assert.equal(string.offsetOf(0), text.indexOf('a\\t'));
    assert.equal(string.offsetOf(1), text.indexOf('\\t'));
    assert.equal(string.offsetOf(2), text.indexOf('b\n'));
    assert.equal(string.offsetOf(6), text.indexOf(`\${params.X}`));
    assert.equal(string.offsetOf(string.text.length), text.lastIndexOf('"""'));
  });

  it('reads an interpolation that holds strings and braces of its own', () => {
    const string = stringOf(argumentOf(firstCall(`sh """\${items.collect { "x" }.join('}')} end"""`)));
    assert.deepEqual(
      string?.interpolations.map(({ source }) => source),
      [`items.collect { "x" }.join('}')`],
    );
  });

  it('keeps the parts of a concatenation in order', () => {
    const value = argumentOf(firstCall('sh \'claude \' + params.PROMPT + " -x"'));
    assert.deepEqual(
      value?.parts.map((part) => part.kind),
      ['string', 'reference', 'string'],
    );
  });

  it('names what a call is assigned to and what it is called on', () => {
    const { block } = readGroovy({ path: 'Jenkinsfile', text: "def out = sh(script: 'x', returnStdout: true).trim()" });
    const [statement] = block.statements;
    assert.equal(statement?.target?.name, 'out');
    const call = statement?.value.parts[0];
    assert.equal(call?.kind === 'call' ? call.name : undefined, '.trim');
    assert.equal(call?.kind === 'call' ? call.receiver?.name : undefined, 'sh');
  });

  it('reads the statement behind a condition without braces', () => {
    const names = partsOf(readGroovy({ path: 'Jenkinsfile', text: "if (env.X) sh 'y'\nelse { bat 'z' }" }).block);
    assert.deepEqual(
      names.map((part) => (part.kind === 'call' ? part.name : part.kind)),
      ['if', 'sh', 'else'],
    );
  });

  it('skips comments, also those that look like code', () => {
    const { block } = readGroovy({ path: 'Jenkinsfile', text: "// sh 'a'\n/* sh 'b'\n*/ sh 'c' // sh 'd'" });
    assert.deepEqual(
      partsOf(block).map((part) => (part.kind === 'call' ? stringOf(argumentOf(part))?.text : part.kind)),
      ['c'],
    );
  });

  it('reports a string and a brace that are not closed, and reads what comes before', () => {
    const reading = readGroovy({ path: 'Jenkinsfile', text: "stage('x') {\n  sh 'ok'\n  sh 'open\n" });
    assert.deepEqual(
      reading.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['syntax: a string is not closed', "syntax: '{' is not closed"],
    );
    const body = partsOf(reading.block)[0];
    assert.equal(body?.kind === 'call' ? body.body?.statements.length : 0, 2);
  });

  it('stops at its depth and says so', () => {
    const deep = `${'a {\n'.repeat(200)}${'}\n'.repeat(200)}`;
    assert.equal(readGroovy({ path: 'Jenkinsfile', text: deep }).gaps[0]?.kind, 'cap');
  });

  it('reads long hostile texts without a blow-up', () => {
    for (const piece of ['"${a', '=/a', "'", '"', '(', 'a.', '$/', '${', '/*', '"""', 'a,']) {
      readGroovy({ path: 'Jenkinsfile', text: piece.repeat(20_000) });
    }
  });

  it('never throws, and every place is inside the file', () => {
    const token = fc.constantFrom(
      'sh',
      ' ',
      "'",
      '"',
      '"""',
      '${',
      '}',
      '{',
      '(',
      ')',
      '[',
      ']',
      ':',
      ',',
      '\n',
      '\\',
      '/',
      '$/',
      '@Library',
      '.',
      '=',
      'def',
      '$x',
      '//',
      '+',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string({ maxLength: 5 })), { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const check = (block: GroovyBlock): void => {
          for (const part of partsOf(block)) {
            assert.ok(part.span.start >= 0 && part.span.end <= text.length && part.span.start <= part.span.end);
            if (part.kind === 'string')
              for (let index = 0; index <= part.text.length; index++) assert.ok(part.offsetOf(index) <= text.length);
            if (part.kind === 'call' && part.body) check(part.body);
            if (part.kind === 'closure') check(part.body);
          }
        };
        check(readGroovy({ path: 'x', text }).block);
      }),
      { numRuns: RUNS },
    );
  });
});
