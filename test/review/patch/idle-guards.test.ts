/** Limits and checks that a patch sets up and that stop nobody, each beside a twin that does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meansOf } from '../support/means.ts';

const BEFORE = `import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { login, requireLogin } from './login';
const app = express();
app.post('/login', login);
app.delete('/users/:id', (req, res) => remove(req.params.id));
`;
const ROUTE = "app.post('/login', login);";
const BODY = '(req, res) => remove(req.params.id)';

const PAIRS: readonly {
  readonly reason: RegExp;
  readonly place: string;
  readonly weak: readonly string[];
  readonly sound: readonly string[];
}[] = [
  {
    reason: /limit that stops nobody/,
    place: ROUTE,
    weak: [
      "app.post('/login', rateLimit({ windowMs: 60000, max: 1000000 }), login);",
      "app.post('/login', rateLimit({ windowMs: 60000, limit: 5000 }), login);",
      "app.post('/login', rateLimit({ windowMs: 60000, max: 5, skip: () => true }), login);",
    ],
    sound: [
      "app.post('/login', rateLimit({ windowMs: 900000, max: 10 }), login);",
      "app.post('/login', rateLimit({ windowMs: 900000, limit: 100, skip: (req) => req.ip === '10.0.0.1' }), login);",
    ],
  },
  {
    reason: /behind the handler that answers first/,
    place: ROUTE,
    weak: [
      `${ROUTE}\napp.use('/login', rateLimit({ windowMs: 900000, max: 10 }));`,
      `${ROUTE}\napp.use('/login', requireLogin);`,
    ],
    sound: [
      `app.use('/login', rateLimit({ windowMs: 900000, max: 10 }));\n${ROUTE}`,
      `${ROUTE}\napp.use('/users', requireLogin);`,
      `${ROUTE}\napp.use('/files', express.static('files'));`,
    ],
  },
  {
    reason: /believes what the client says of itself/,
    place: BODY,
    weak: [
      "(req, res) => { if (req.headers['x-role'] !== 'admin') return res.sendStatus(403); remove(req.params.id); }",
      "(req, res) => { if (!(req.query.admin === 'true')) return res.sendStatus(403); remove(req.params.id); }",
      "(req, res) => { const { role } = req.body; if (role !== 'admin') throw new Error('no'); remove(req.params.id); }",
    ],
    sound: [
      "(req, res) => { if (req.user.role !== 'admin') return res.sendStatus(403); remove(req.params.id); }",
      // It refuses who claims to be one.
      "(req, res) => { if (req.body.role === 'admin') return res.sendStatus(400); remove(req.params.id); }",
      '(req, res) => { if (req.headers.authorization !== process.env.TOKEN) return res.sendStatus(401); remove(req.params.id); }',
      "(req, res) => { if (req.query.confirm !== 'yes') return res.sendStatus(400); remove(req.params.id); }",
    ],
  },
];

describe('a guard that stops nobody', () => {
  for (const { reason, place, weak, sound } of PAIRS) {
    it(`is refused: ${reason.source}`, async () => {
      for (const code of weak) {
        const means = await meansOf(
          'app.ts',
          BEFORE,
          BEFORE.replace(place, () => code),
        );
        assert.equal(means?.outcome, 'failed', code);
        assert.match(means.reason, reason, code);
      }
    });

    it(`is told from one that does: ${reason.source}`, async () => {
      for (const code of sound) {
        const means = await meansOf(
          'app.ts',
          BEFORE,
          BEFORE.replace(place, () => code),
        );
        assert.doesNotMatch(means?.reason ?? '', reason, code);
      }
    });
  }
});
