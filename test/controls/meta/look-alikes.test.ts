import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookAlikeOf } from '../../../src/controls/meta/look-alikes.ts';

describe('names of packages', () => {
  it('look like a well-known one when letters changed places, are missing, double or alike', () => {
    const found = (['expres', 'expresss', 'lodahs', 'crossenv', 'jsonwebtokn', '1odash', 'mongose'] as const).map(
      (name) => lookAlikeOf(name, 'npm'),
    );
    assert.deepEqual(found, ['express', 'express', 'lodash', 'cross-env', 'jsonwebtoken', 'lodash', 'mongoose']);
    assert.deepEqual(
      ['reqeusts', 'urlib3', 'djang0', 'crytpography'].map((name) => lookAlikeOf(name, 'pypi')),
      ['requests', 'urllib3', 'django', 'cryptography'],
    );
  });

  it('are what they are when they are well known, longer, or another word', () => {
    for (const name of [
      'express',
      'express-slow-down',
      'preact',
      'reactive',
      'color',
      'colors',
      'mysql2',
      'vuex',
      'lodash-es',
      'nextra',
      'moments',
      'glob-all',
    ])
      assert.equal(lookAlikeOf(name, 'npm'), undefined, name);
    for (const name of [
      'Django',
      'python_dateutil',
      'scikit.learn',
      'flask-login',
      'requests-mock',
      'pytest-cov',
      'torchvision',
      'pandera',
    ])
      assert.equal(lookAlikeOf(name, 'pypi'), undefined, name);
  });
});
