/** Right patches that stand far from the line of the finding, each beside one that has no part in it. */
import { describe } from 'node:test';
import { itTells } from '../support/patch-cases.ts';

const AS_IT_WAS = /all that decides about it are as they were/;

describe('a patch elsewhere in the file', () => {
  itTells(
    'a view without its permissions',
    {
      path: 'views.py',
      before: `from rest_framework.views import APIView
from .models import Order


class OrderView(APIView):
    queryset = Order.objects.all()

    def get_object(self):
        return Order.objects.get(pk=self.kwargs['pk'])

    def get(self, request, pk):
        return render({'id': pk})

    def delete(self, request, pk):
        self.get_object().delete()
        return render(None)
`,
      marks: ['self.get_object().delete()'],
      rule: 'AI-CWE-862',
      wrong: [[['        return render({', '        self.check_permissions(request)\n        return render({']]],
      right: [
        [['    queryset', '    permission_classes = [IsAdminUser]\n    queryset']],
        [
          [
            '    def get_object',
            '    def get_permissions(self):\n        return [IsAdminUser()]\n\n    def get_object',
          ],
        ],
        [["kwargs['pk'])", "kwargs['pk'], owner=self.request.user)"]],
      ],
    },
    AS_IT_WAS,
  );

  itTells(
    'a route without its check',
    {
      path: 'admin.py',
      before: `from flask import Blueprint, jsonify, session, abort
from .data import users

bp = Blueprint('admin', __name__)


@bp.route('/users')
def list_users():
    return jsonify(users.all())


@bp.route('/ping')
def ping():
    return 'pong'
`,
      marks: ['return jsonify(users.all())'],
      rule: 'AI-CWE-306',
      wrong: [[["    return 'pong'", "    if 'user' not in session:\n        abort(401)\n    return 'pong'"]]],
      right: [
        [
          [
            "@bp.route('/users')",
            "@bp.before_request\ndef guard():\n    if 'user' not in session:\n        abort(401)\n\n\n@bp.route('/users')",
          ],
        ],
        [
          [
            "    return 'pong'\n",
            "    return 'pong'\n\n\n@bp.before_request\ndef guard():\n    if 'user' not in session:\n        abort(401)\n",
          ],
        ],
        [['    return jsonify', "    if 'user' not in session:\n        abort(401)\n    return jsonify"]],
        [['    return jsonify', '    require_admin()\n    return jsonify']],
      ],
    },
    AS_IT_WAS,
  );

  itTells(
    'what the server is started with',
    {
      path: 'server.go',
      before: `package web

import "net/http"

func Serve() error {
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", metrics)
	return http.ListenAndServe(":8080", mux)
}

func version() string {
	return "5"
}
`,
      marks: ['mux.HandleFunc("/metrics"'],
      rule: 'AI-CWE-306',
      wrong: [[['"5"', '"6"']]],
      right: [[['":8080", mux', '":8080", requireAdmin(mux)']], [['":8080"', '"127.0.0.1:8080"']]],
    },
    AS_IT_WAS,
  );

  itTells('a list that is a field', {
    path: 'Upload.java',
    before: `import java.util.Set;

class Upload {
  private static final Set<String> ALLOWED = Set.of("pdf", "jsp");
  private static final int TRIES = 5;

  void store(File file, String ending) throws Exception {
    if (!ALLOWED.contains(ending)) {
      throw new IllegalArgumentException();
    }
    file.transferTo(target);
  }
}
`,
    marks: ['file.transferTo('],
    rule: 'AI-CWE-20',
    wrong: [[['    file.transferTo', '    // only what is permitted\n    file.transferTo']]],
    right: [[['"pdf", "jsp"', '"pdf"']]],
  });

  itTells('a field of an instance', {
    path: 'redirects.ts',
    before: `export class Redirects {
  private readonly allowed = ['https://one.example.test', 'https://two']

  mayGo (url: string) {
    return this.allowed.some((one) => url.startsWith(one))
  }

  size () {
    return 2
  }
}
`,
    marks: ['this.allowed.some('],
    rule: 'AI-CWE-20',
    wrong: [[['return 2', 'return 3']]],
    right: [[["'https://one.example.test', 'https://two'", "'https://one.example.test/'"]]],
  });

  itTells(
    'a field that is looked up by its name',
    {
      path: 'forms.py',
      before: `from django import forms


class SignUp:
    password = forms.CharField()

    def save(self):
        user.set_password(self.cleaned_data['password'])


def other():
    return 5
`,
      marks: ['user.set_password('],
      rule: 'AI-CWE-20',
      wrong: [[['return 5', 'return 6']]],
      right: [[['CharField()', 'CharField(min_length=12)']]],
    },
    AS_IT_WAS,
  );
});
