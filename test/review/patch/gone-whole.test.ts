/** Patches that do nothing but take out what a finding names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judged } from '../support/patch-cases.ts';

const LISTS = {
  path: 'lists.ts',
  before: `export const allowedAddresses = new Set([
  'https://a.example.test/w',
  'https://b.example.test/x', // an old one
  'https://c.example.test/y'
])
export const blocked = [
  'https://evil.example.test/',
  'https://worse.example.test/'
]
`,
  rule: 'none',
};
const GONE = ["  'https://b.example.test/x', // an old one\n", ''] as const;

const PAGES = {
  path: 'routing.ts',
  before: `import { RouterModule } from '@angular/router'
import { FameComponent } from './fame'
import { HomeComponent } from './home'
import { FameGuard } from './guards'

const routes = [
  {
    path: 'fame',
    component: FameComponent
  },
  {
    path: 'home',
    component: HomeComponent,
    canActivate: [FameGuard]
  }
]
export const Routing = RouterModule.forRoot(routes)
`,
  rule: 'none',
  marks: ["path: 'fame'"],
};
const PAGE = ["  {\n    path: 'fame',\n    component: FameComponent\n  },\n", ''] as const;
const IMPORT = ["import { FameComponent } from './fame'\n", ''] as const;

describe('a patch that takes out what a finding names', () => {
  it('is verified for an entry of a list of what is permitted', async () => {
    const one = { ...LISTS, marks: ["'https://b.example.test/x'"] };
    assert.equal((await judged(one, [GONE])).state, 'verified');
  });

  it('is not when the entry closes something, comes back, or something else goes or comes with it', async () => {
    const one = { ...LISTS, marks: ["'https://b.example.test/x'"] };
    const evil = ["  'https://evil.example.test/',\n", ''] as const;
    assert.notEqual((await judged({ ...LISTS, marks: ["'https://evil"] }, [evil])).state, 'verified');
    assert.notEqual((await judged(one, [GONE, evil])).state, 'verified');
    const elsewhere = [
      'export const blocked',
      "export const more = 'https://b.example.test/x'\nexport const blocked",
    ] as const;
    assert.notEqual((await judged(one, [GONE, elsewhere])).state, 'verified');
    const another = [
      "'https://c.example.test/y'\n",
      "'https://c.example.test/y',\n  'https://d.example.test/z'\n",
    ] as const;
    assert.notEqual((await judged(one, [GONE, another])).state, 'verified');
  });

  it('is left to a person for a page of the browser', async () => {
    assert.equal((await judged(PAGES, [PAGE])).state, 'unverified');
    assert.equal((await judged(PAGES, [PAGE, IMPORT])).state, 'unverified');
  });

  it('is not when the page is shown elsewhere or a guard goes with it', async () => {
    const moved = [
      "path: 'home',\n    component: HomeComponent",
      "path: 'home',\n    component: FameComponent",
    ] as const;
    assert.notEqual((await judged(PAGES, [PAGE, moved])).state, 'verified');
    assert.notEqual((await judged(PAGES, [PAGE, [',\n    canActivate: [FameGuard]', '']])).state, 'verified');
  });

  it('is verified for a list of questions of which nothing is left, and not for one that loses another', async () => {
    const one = {
      path: 'questions.yml',
      before: '- question: "Your first pet?"\n- question: "Your favourite film?"\n',
      marks: ['Your first pet'],
      rule: 'none',
    };
    assert.equal((await judged(one, [[one.before, '# by a link in a mail\n']])).state, 'verified');
    assert.equal((await judged(one, [['- question: "Your favourite film?"\n', '']])).state, 'rejected');
    const settings = { path: 'app.yml', before: 'debug: true\nverify: true\n', marks: ['debug: true'], rule: 'none' };
    assert.equal((await judged(settings, [[settings.before, '# nothing\n']])).state, 'unverified');
  });
});
