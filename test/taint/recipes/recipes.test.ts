import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadReaders } from '../../../src/syntax/index.ts';
import { analyseRecipes } from '../../../src/taint/recipes/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { DOCKER_CASES, SHELL_CASES } from './cases.ts';

const readers = await loadReaders();

function found(file: string, text: string) {
  return analyseRecipes(memoryTree({ [file]: text }), undefined, readers);
}

function rulesIn(file: string, text: string): readonly string[] {
  return [...new Set(found(file, text).findings.map(({ rule }) => rule))].sort();
}

describe('commands of a shell script', () => {
  for (const { rule, attack, twin } of SHELL_CASES) {
    it(`${rule}: \`${attack.join('; ')}\` is reported, \`${twin.join('; ')}\` is not`, () => {
      assert.deepEqual(rulesIn('build.sh', attack.join('\n')), [rule]);
      assert.deepEqual(rulesIn('build.sh', twin.join('\n')), []);
    });
  }
});

describe('instructions of a Dockerfile', () => {
  for (const { rule, attack, twin } of DOCKER_CASES) {
    it(`${rule}: \`${attack.join('; ')}\` is reported, \`${twin.join('; ')}\` is not`, () => {
      assert.ok(rulesIn('Dockerfile', attack.join('\n')).includes(rule));
      assert.ok(!rulesIn('Dockerfile', twin.join('\n')).includes(rule));
    });
  }

  it('keep the place of a command that goes over several lines', () => {
    const text =
      'FROM debian:12\nRUN apt-get update && \\\n    # why\n    curl -sk https://dl.example.test/a -o /opt/a\n';
    const [finding] = found('Dockerfile', text).findings;
    assert.equal(finding?.rule, 'CODE45');
    const { start = 0, end = 0 } = finding?.place.span ?? {};
    assert.equal(text.slice(start, end), 'curl -sk https://dl.example.test/a -o /opt/a');
  });

  it('follow a file from one RUN to the next', () => {
    const image = ['FROM debian:12', 'RUN curl -o /opt/tool https://dl.example.test/tool', 'RUN chmod +x /opt/tool'];
    assert.deepEqual(rulesIn('Dockerfile', image.join('\n')), ['CODE81']);
    const checked = image.toSpliced(2, 0, 'RUN echo "$TOOL_SHA256 /opt/tool" | sha256sum -c');
    assert.deepEqual(rulesIn('Dockerfile', checked.join('\n')), []);
  });

  it('are read in here-documents, too', () => {
    assert.deepEqual(rulesIn('Dockerfile', 'FROM debian:12\nRUN <<EOF\ncurl -s https://get.example.test | sh\nEOF\n'), [
      'CODE80',
    ]);
  });
});

describe('commands of a Makefile', () => {
  const make = (...lines: string[]): string => `all:\n${lines.map((one) => `\t${one}`).join('\n')}\n`;

  it('are those of its recipe lines, with their marks taken off', () => {
    assert.deepEqual(rulesIn('Makefile', make('@curl -s https://get.example.test | sh')), ['CODE80']);
    assert.deepEqual(rulesIn('Makefile', make('-curl -s \\', '  https://get.example.test \\', '  | sh')), ['CODE80']);
    assert.deepEqual(rulesIn('Makefile', 'NOTE = curl -s https://get.example.test | sh\n'), []);
    assert.deepEqual(rulesIn('rules.mk', make('chmod 755 $@')), []);
  });

  it('have the variables of make as variables, each in its place', () => {
    const text = make('echo $(DEPLOY_TOKEN)', 'echo $$HOME $(wildcard *.c) $< $(call f,$(X))');
    const [finding, ...more] = found('Makefile', text).findings;
    assert.deepEqual([finding?.rule, more, found('Makefile', text).gaps], ['CODE89', [], []]);
    assert.equal(text.slice(finding?.place.span.start, finding?.place.span.end), 'echo $(DEPLOY_TOKEN)');
  });

  it('are also those of `$(shell …)` and `!=`', () => {
    assert.deepEqual(rulesIn('Makefile', 'V := $(shell curl -k https://a.example.test/version)\n'), ['CODE45']);
    assert.deepEqual(rulesIn('Makefile', 'V != curl -k https://a.example.test/version\n'), ['CODE45']);
    assert.deepEqual(rulesIn('Makefile', 'V := $(shell git describe)\n'), []);
  });
});

describe('recipes', () => {
  it('are known by their names', () => {
    const files = ['Dockerfile', 'a/Dockerfile.prod', 'web.dockerfile', 'Containerfile', 'run.sh', '.envrc', 'x.bash'];
    const others = ['Dockerfile.md', 'docker.txt', 'a.py', 'dockerfile/readme', 'sh'];
    const tree = memoryTree(Object.fromEntries([...files, ...others].map((path) => [path, 'true\n'])));
    assert.deepEqual([...analyseRecipes(tree, undefined, readers).analysed].sort(), files.toSorted());
    assert.deepEqual([...analyseRecipes(tree, new Set(['run.sh', 'a.py']), readers).analysed], ['run.sh']);
  });

  it('are known by their first line, where they have no ending and can be started', () => {
    const texts = {
      'bin/deploy': '#!/usr/bin/env bash\ncurl -k https://a.example.test\n',
      'bin/serve': '#!/usr/bin/env python3\nprint(1)\n',
      'bin/data': 'curl -k https://a.example.test\n',
    };
    const tree = memoryTree(texts);
    const entries = tree.entries.map((entry) => (entry.kind === 'file' ? { ...entry, executable: true } : entry));
    const { analysed, findings, gaps } = analyseRecipes({ ...tree, entries }, undefined, readers);
    assert.deepEqual([[...analysed], findings.map(({ rule }) => rule), gaps], [['bin/deploy'], ['CODE45'], []]);
    assert.equal(analyseRecipes(tree, undefined, readers).analysed.size, 0);
  });

  it('that cannot be read whole leave a gap', () => {
    const broken = found('run.sh', 'echo start\nif true; then\n');
    assert.equal(broken.gaps[0]?.kind, 'syntax');
    assert.ok(broken.analysed.has('run.sh'));
    const large = found('run.sh', `echo ${'a'.repeat(1_000_001)}`);
    assert.equal(large.gaps[0]?.kind, 'cap');
    assert.ok(!large.analysed.has('run.sh'));
    const many = found('Makefile', `all:\n${'\ttrue\n'.repeat(5_001)}`);
    assert.deepEqual(
      many.gaps.map(({ kind }) => kind),
      ['cap'],
    );
  });

  it('never quote a secret', () => {
    const text = 'export DB_PASSWORD=tr0ub4dor-and-3\ndocker login -u a -p tr0ub4dor-and-3 registry.example.test\n';
    const { findings } = found('run.sh', text);
    assert.deepEqual(findings.map(({ rule }) => rule).sort(), ['CODE50', 'CODE90']);
    assert.ok(!JSON.stringify(findings).includes('tr0ub4dor'));
  });

  it('of any content end with an answer', () => {
    const words = fc.constantFrom(
      ...'curl wget | sh bash -c "$( ) eval $1 ${X:-/} rm -rf <<EOF EOF > /tmp/a ; && if fi \\ \n FROM RUN USER ENV A=$B COPY --chmod=777 set -x $TOKEN base64 -d'.split(
        ' ',
      ),
      '\n',
    );
    const runs = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 60 }), (parts) => {
        for (const file of ['Dockerfile', 'run.sh', 'Makefile']) {
          const text = `\t${parts.join(' ')}`;
          for (const { place } of found(file, text).findings) {
            assert.ok(place.span.start <= place.span.end && place.span.end <= text.length);
          }
        }
      }),
      { numRuns: runs, seed: 1 },
    );
  });
});
