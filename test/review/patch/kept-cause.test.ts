/** Patches that change much and leave the cause, each beside some that do not. */
import { describe } from 'node:test';
import { itTells } from '../support/patch-cases.ts';

describe('a patch that leaves the cause', () => {
  itTells('whose something is to the client', {
    path: 'reviews.ts',
    before: `import * as security from './security'
import { reviews } from './data'

export function write () {
  return async (req, res) => {
    const user = security.users.from(req)
    await reviews.insert({
      message: req.body.message,
      author: req.body.author
    })
    res.sendStatus(201)
  }
}
`,
    marks: ['author: req.body.author'],
    rule: 'AI-CWE-284',
    wrong: [
      [['author: req.body.author', 'author: req.body.author.trim().toLowerCase()']],
      [['author: req.body.author', 'author: req.query.author']],
      [['author: req.body.author', "author: req.body.author ?? 'Anonymous'"]],
      [['author: req.body.author', 'author: req.body.author || user.data.email']],
      [['author: req.body.author', 'author: req.cookies.email']],
      [['    await', '    if (!user) return res.sendStatus(401)\n    await']],
    ],
    right: [
      [['author: req.body.author', 'author: user.data.email']],
      [['author: req.body.author', "author: user ? user.data.email : 'Anonymous'"]],
      [['    await', '    if (user?.data.email !== req.body.author) return res.sendStatus(403)\n    await']],
      [['    await', '    req.body.author = user.data.email\n    await']],
    ],
  });

  const ROUTES = `import express from 'express'
import * as security from './security'
import { products } from './products'

const app = express()
app.get('/api/products/:id', products.get)
app.put('/api/products/:id', products.update)
app.put('/api/orders/:id', security.isOwner())
app.listen(3000)
`;
  itTells('a handler open at another address', {
    path: 'server.ts',
    before: ROUTES,
    marks: ["app.put('/api/products/:id'"],
    rule: 'AI-CWE-862',
    wrong: [
      [["app.put('/api/products/:id'", "app.put('/api/product/:id'"]],
      [["app.put('/api/products/:id'", "app.post('/api/products/:id'"]],
      [["app.put('/api/products/:id'", "app.put('/api/products/:id(\\\\d+)'"]],
      [["app.put('/api/products/:id'", "app.put('/api/products', security.denyAll())\napp.put('/api/products/:id'"]],
    ],
    right: [
      [["app.put('/api/products/:id', ", "app.put('/api/products/:id', security.isAdmin(), "]],
      [["app.put('/api/products/:id'", "app.put('/internal/products/:id'"]],
      [["app.put('/api/products/:id', products.update)\n", '']],
    ],
  });
  itTells('a guard at the wrong address', {
    path: 'server.ts',
    before: ROUTES,
    marks: ["app.put('/api/orders/:id'"],
    rule: 'AI-CWE-862',
    wrong: [],
    right: [[["app.put('/api/orders/:id'", "app.put('/api/order/:id'"]]],
  });

  itTells('a permitted address as a part of another', {
    path: 'redirects.ts',
    before: `const allowedUrls = new Set(['https://a.example.test/x', 'https://b.example.test/y'])

export const isAllowed = (url: string) => {
  let allowed = false
  for (const allowedUrl of allowedUrls) {
    allowed = allowed || url.includes(allowedUrl)
  }
  return allowed
}
`,
    marks: ['url.includes(allowedUrl)'],
    rule: 'none',
    wrong: [
      [["'https://a.example.test/x', ", '']],
      [['url.includes(allowedUrl)', 'url.indexOf(allowedUrl) >= 0']],
      [
        ['new Set([', '(['],
        ["y'])", "y'])"],
      ],
    ],
    right: [
      [['url.includes(allowedUrl)', 'url === allowedUrl']],
      [['url.includes(allowedUrl)', 'new URL(url).href === allowedUrl']],
    ],
  });

  itTells('what the browser keeps as a reason', {
    path: 'guard.ts',
    before: `export class AdminGuard {
  canActivate () {
    if (localStorage.getItem('role') === 'admin') {
      return true
    }
    return false
  }
}
`,
    marks: ["localStorage.getItem('role')"],
    rule: 'AI-CWE-602',
    wrong: [[['localStorage', 'sessionStorage']], [["getItem('role')", "getItem('_r')"]]],
    right: [[["localStorage.getItem('role') === 'admin'", 'this.api.isAdmin()']]],
  });

  itTells('a check for when it is done', {
    path: 'edit.ts',
    before: `export async function edit (req, res) {
  const user = await whoIs(req)
  const result = await reviews.updateOne({ _id: String(req.body.id) }, { text: req.body.text })
  res.json(result)
}
`,
    marks: ['reviews.updateOne('],
    rule: 'AI-CWE-639',
    wrong: [[['  res.json', '  if (result.author !== user.name) return res.sendStatus(403)\n  res.json']]],
    right: [
      [['  const result', '  if (!(await isOwner(user, req.body.id))) return res.sendStatus(403)\n  const result']],
      [['{ _id: String(req.body.id) }', '{ _id: String(req.body.id), author: user.name }']],
    ],
  });

  itTells('a method to everybody', {
    path: 'Users.java',
    before: `import org.springframework.web.bind.annotation.*;

@RestController
class Users {
  @DeleteMapping("/users/{id}")
  void remove(@PathVariable long id) {
    users.deleteById(id);
  }
}
`,
    marks: ['users.deleteById(id);'],
    rule: 'AI-CWE-862',
    wrong: [
      [['  @DeleteMapping', '  @PreAuthorize("permitAll()")\n  @DeleteMapping']],
      [['  @DeleteMapping', '  @Transactional\n  @DeleteMapping']],
      [['@DeleteMapping("/users/{id}")', '@PostMapping("/users/{id}/remove")']],
      [
        ['@PathVariable long id', '@PathVariable long id, @RequestHeader("X-Role") String role'],
        ['    users', '    if (!"admin".equals(role)) throw new ForbiddenException();\n    users'],
      ],
    ],
    right: [
      [['  @DeleteMapping', '  @PreAuthorize("hasRole(\'ADMIN\')")\n  @DeleteMapping']],
      [['@RestController', '@Secured("ROLE_ADMIN")\n@RestController']],
    ],
  });

  itTells('the client to name the owner', {
    path: 'invoices.py',
    before: `from fastapi import APIRouter, Depends, HTTPException
from .auth import current_user

router = APIRouter()


@router.get('/invoices/{invoice_id}')
def read(invoice_id: int, db=Depends(get_db)):
    invoice = db.get(Invoice, invoice_id)
    return invoice
`,
    marks: ['db.get(Invoice'],
    rule: 'AI-CWE-639',
    wrong: [
      [
        ['invoice_id: int,', 'invoice_id: int, owner_id: int,'],
        ['    return', '    if invoice.owner_id != owner_id:\n        raise HTTPException(403)\n    return'],
      ],
      [["{invoice_id}')", "{invoice_id}', include_in_schema=False)"]],
    ],
    right: [
      [
        ['invoice_id: int,', 'invoice_id: int, user=Depends(current_user),'],
        ['    return', '    if invoice.owner_id != user.id:\n        raise HTTPException(403)\n    return'],
      ],
    ],
  });
});

describe('tests of texts', () => {
  itTells(
    'short passwords',
    {
      path: 'member.ts',
      before: `import { hash } from './hash'

export function setPassword (member, password: string) {
  member.digest = hash(password)
}
`,
      marks: ['member.digest'],
      rule: 'AI-CWE-521',
      wrong: [
        'password.length < 3',
        '!password',
        '!/[0-9]/.test(password)',
        'password.length > 20',
        "password === 'password'",
        'password.length < 4 || !/[A-Z]/.test(password)',
      ].map((test) => [['  member.', `  if (${test}) throw new Error('no')\n  member.`] as const]),
      right: [
        'password.length < 8',
        'password.length < 12 || isCommon(password)',
        '!isStrong(password)',
        '!/^.{10,}$/.test(password)',
      ].map((test) => [['  member.', `  if (${test}) throw new Error('no')\n  member.`] as const]),
    },
    /lets `.*` through/,
  );

  itTells(
    'a program that is sent',
    {
      path: 'upload.ts',
      before: `export function store (req, res) {
  const file = req.file
  disk.keep(file.path, file.originalname)
  res.sendStatus(204)
}
`,
      marks: ['disk.keep('],
      rule: 'AI-CWE-434',
      wrong: [
        "!file.originalname.includes('.pdf')",
        "file.originalname.toLowerCase().endsWith('.php')",
        "file.originalname.split('.')[1] !== 'pdf'",
        "!file.mimetype.startsWith('image/')",
      ].map((test) => [['  disk', `  if (${test}) return res.sendStatus(415)\n  disk`] as const]),
      right: [
        "!['.pdf', '.zip'].includes(path.extname(file.originalname).toLowerCase())",
        "!file.originalname.endsWith('.pdf')",
        '!isPicture(file.path)',
        '!/^[a-z]+\\.pdf$/.test(file.originalname)',
      ].map((test) => [['  disk', `  if (${test}) return res.sendStatus(415)\n  disk`] as const]),
    },
    /lets `.*` through|what the client says of the file/,
  );
});

describe('a patch of a data file', () => {
  itTells('an entry as it was', {
    path: 'questions.yml',
    before: `- question: "Your first pet's name?"
- question: "Your favourite film?"
`,
    marks: ['Your first pet'],
    rule: 'none',
    wrong: [
      [["Your first pet's name", "Your second pet's name"]],
      [['- question: "Your favourite film?"\n', '']],
      [
        [
          '- question: "Your favourite film?"\n',
          '- question: "Your favourite film?"\n- question: "Your favourite band?"\n',
        ],
      ],
      [['name?"', 'name?" # weak']],
    ],
    right: [[['- question: "Your first pet\'s name?"\n', '']]],
  });

  itTells('a setting as it was', {
    path: 'app.yaml',
    before: `server:
  host: 0.0.0.0
  debug: true
rules:
  - path: /admin
    open: true
  - path: /shop
    open: true
`,
    marks: ['debug: true'],
    rule: 'AI-CWE-489',
    wrong: [[['debug: true', 'debug: true # for us alone']], [['host: 0.0.0.0', "host: '0.0.0.0'"]]],
    right: [[['debug: true', 'debug: false']], [['0.0.0.0', '127.0.0.1']], [['open: true', 'open: false']]],
  });
});
