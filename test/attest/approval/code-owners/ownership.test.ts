/** Who must approve what, and whose approval meets it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type CodeOwners,
  type CodeOwnersDialect,
  demandsOf,
  findCodeOwners,
  judgeOwnership,
  readCodeOwners,
} from '../../../../src/attest/index.ts';
import { memoryTree } from '../../../support/memory-tree.ts';
import { approvalBy } from '../support/approvals.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

function read(text: string, dialect: CodeOwnersDialect = 'github'): CodeOwners {
  return readCodeOwners({ path: 'CODEOWNERS', text }, dialect);
}

function ownersOf(codeOwners: CodeOwners, path: string): readonly string[] {
  return demandsOf(codeOwners, [path]).flatMap(({ section, owners }) =>
    owners.map((owner) => (section === '' ? owner : `${section}:${owner}`)),
  );
}

describe('CODEOWNERS of GitHub', () => {
  it('lets the last line that matches speak', () => {
    const owners = read('* @acme/all\n/src/ @acme/backend\n/src/login/ @alice bob@example.test\n');
    assert.deepEqual(ownersOf(owners, 'README.md'), ['@acme/all']);
    assert.deepEqual(ownersOf(owners, 'src/a.ts'), ['@acme/backend']);
    assert.deepEqual(ownersOf(owners, 'src/login/a.ts'), ['@alice', 'bob@example.test']);
  });

  it('asks nobody for a line without owners', () => {
    const owners = read('* @acme/all\n/docs/\n*.md # anyone may write\n');
    assert.deepEqual(ownersOf(owners, 'docs/x'), []);
    assert.deepEqual(ownersOf(owners, 'a.md'), []);
    assert.deepEqual(ownersOf(owners, 'src/a'), ['@acme/all']);
  });

  it('leaves out comments and blank lines, and knows line ends of other systems', () => {
    const owners = read('\ufeff# all\r\n\r\n  * @alice # the boss\r\n\t/x @bob\r\n');
    assert.deepEqual(ownersOf(owners, 'a'), ['@alice']);
    assert.deepEqual(ownersOf(owners, 'x'), ['@bob']);
    assert.deepEqual(owners.gaps, []);
  });

  it('says which lines it did not understand', () => {
    const owners = read('* @acme/all\n!secret @bob\n/src/ nobody\n/a[b] @bob\n/lib/ @bob,@alice\n');
    assert.deepEqual(
      owners.gaps.map(({ message }) => message.slice(0, 7)),
      ['line 2:', 'line 3:', 'line 4:', 'line 5:'],
    );
    assert.deepEqual(ownersOf(owners, 'src/a'), ['@acme/all']);
  });
});

describe('CODEOWNERS of GitLab', () => {
  const owners = read(
    [
      '* @lead',
      '[Backend][2] @acme/backend',
      '/src/',
      '/src/login/ @alice @@maintainer',
      '!/src/generated/',
      '^[Docs] @writers',
      '/docs/',
      '[backend]',
      '/lib/',
      '',
    ].join('\n'),
    'gitlab',
  );

  it('asks in every section, by its last line that matches', () => {
    assert.deepEqual(ownersOf(owners, 'src/a'), ['@lead', 'Backend:@acme/backend'].map(backend));
    assert.deepEqual(ownersOf(owners, 'src/login/a'), ['@lead', 'Backend:@alice', 'Backend:@@maintainer'].map(backend));
  });

  it('asks nobody for an optional section, or for what a section leaves out', () => {
    assert.deepEqual(ownersOf(owners, 'docs/a'), ['@lead']);
    assert.deepEqual(ownersOf(owners, 'src/generated/a'), ['@lead']);
  });

  it('joins sections of one name, and the stricter heading holds', () => {
    assert.deepEqual(
      owners.sections.map(({ name, optional, approvals }) => [name.toLowerCase(), optional, approvals]),
      [
        ['', false, 1],
        ['backend', false, 2],
        ['docs', true, 1],
      ],
    );
  });

  it('asks nobody for what a section leaves out, though a later line names it', () => {
    const left = read('[Backend]\n!/src/generated/\n/src/ @acme/backend\n', 'gitlab');
    assert.deepEqual([ownersOf(left, 'src/generated/a'), ownersOf(left, 'src/a')], [[], ['Backend:@acme/backend']]);
  });

  it('does not become optional by a second heading, nor stay so', () => {
    const optional = (...headings: readonly string[]): readonly boolean[] =>
      read(headings.map((heading) => `${heading}\n/src/ @a\n`).join(''), 'gitlab')
        .sections.filter(({ name }) => name !== '')
        .map((section) => section.optional);
    assert.deepEqual(optional('[Lib]', '^[Lib]'), [false]);
    assert.deepEqual(optional('^[Lib]', '[Lib]'), [false]);
    assert.deepEqual(optional('^[Lib]', '^[Lib]'), [true]);
  });

  it('says which headings it did not understand', () => {
    assert.equal(read('[Open\n/a @b\n', 'gitlab').gaps.length, 1);
    assert.equal(read('[]\n', 'gitlab').gaps.length, 1);
  });
});

/** The name of a section is that of its last heading. */
function backend(owner: string): string {
  return owner.replace('Backend:', 'backend:');
}

describe('an owner', () => {
  const owners = read('/src/ @acme/backend\n/api/ @Alice-Acme\n/ops/ ops@example.test\n');

  it('is a group of the trust store, an account or an address, whatever the case', () => {
    const carol = approvalBy('carol', { roles: ['Acme/Backend'] });
    const alice = approvalBy('alice', { names: ['alice', 'alice-acme'] });
    const omar = approvalBy('omar', { names: ['omar', 'ops@example.test'] });
    const missing = (path: string, ...counted: (typeof carol)[]): number =>
      judgeOwnership(owners, [path], counted).missing.length;
    assert.equal(missing('src/a', carol), 0);
    assert.equal(missing('src/a', alice, omar), 1);
    assert.equal(missing('api/a', alice), 0);
    assert.equal(missing('api/a', carol), 1);
    assert.equal(missing('ops/a', omar), 0);
    assert.equal(missing('README.md'), 0);
  });

  it('with the name of a group is not the group', () => {
    const impostor = approvalBy('backend', { names: ['backend', 'acme'] });
    assert.equal(judgeOwnership(owners, ['src/a'], [impostor]).missing.length, 1);
    const address = approvalBy('x', { roles: ['ops@example.test'] });
    assert.equal(judgeOwnership(owners, ['ops/a'], [address]).missing.length, 1);
  });

  it('must be as many as the section says', () => {
    const two = read('[Backend][2] @acme/backend\n/src/\n', 'gitlab');
    const [carol, dave] = ['carol', 'dave'].map((id) => approvalBy(id, { roles: ['acme/backend'] }));
    assert.ok(carol && dave);
    assert.equal(judgeOwnership(two, ['src/a'], [carol]).missing.length, 1);
    assert.equal(judgeOwnership(two, ['src/a'], [carol, dave]).missing.length, 0);
  });
});

describe('the file', () => {
  it('is the first that the forge looks at', () => {
    const rows = { 'docs/CODEOWNERS': '* @docs', CODEOWNERS: '* @root', '.github/CODEOWNERS': '* @github' };
    const found = (files: Record<string, string>): string | undefined => {
      const owners = findCodeOwners(memoryTree(files));
      return owners && 'sections' in owners ? `${owners.dialect} ${owners.file}` : undefined;
    };
    assert.equal(found(rows), 'github .github/CODEOWNERS');
    assert.equal(found({ ...rows, '.gitlab-ci.yml': 'a: {}\n' }), 'github .github/CODEOWNERS');
    assert.equal(found({ CODEOWNERS: '* @root', 'docs/CODEOWNERS': '* @docs' }), 'github CODEOWNERS');
    assert.equal(found({ '.gitlab-ci.yml': '', '.gitlab/CODEOWNERS': '* @a' }), 'gitlab .gitlab/CODEOWNERS');
    assert.equal(found({ 'README.md': '' }), undefined);
  });

  it('of any content is read without an exception', () => {
    const line = fc.array(fc.constantFrom('*', '/', 'a', '@b', ' ', '[', ']', '^', '2', '#', '\\', '!', '\n', '@@c/d'));
    fc.assert(
      fc.property(line, fc.string(), fc.constantFrom('github' as const, 'gitlab' as const), (signs, text, dialect) => {
        const owners = read(signs.join('') + text, dialect);
        demandsOf(owners, ['a', 'a/b', text]);
      }),
      { numRuns: RUNS },
    );
    assert.equal(read('x'.repeat(4_000_000)).gaps[0]?.kind, 'cap');
    assert.ok(read(`${'[a]'.repeat(1000)}\n`.repeat(200), 'gitlab').gaps.length <= 100);
  });
});
