import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines } from '../marked-program.ts';

describe('markup that is put together by hand', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const judge = (path: string, library: boolean, ...lines: readonly string[]) =>
    misjudgedLines({ title: '', path, library, lines }, laboratory);

  test('is reported where a function takes it of which nothing is known', async () => {
    const lines = [
      "exports.handler = async (event) => { await notify('<h1>' + event.name + '</h1>'); }; // BAD",
      "exports.handler = async (event) => { await notify('Hello ' + event.name); }; // GOOD",
      "exports.handler = async (event) => { await notify('<3 ' + event.name); }; // GOOD",
      "exports.handler = async (event) => { await notify('<h1>' + encodeURIComponent(event.name) + '</h1>'); }; // GOOD",
      "exports.handler = async (event) => { return sanitizeIt('<h1>' + event.name + '</h1>'); }; // GOOD",
      "exports.handler = async (event) => { logger.debug('<h1>' + event.name + '</h1>'); };",
    ];
    assert.deepEqual(await judge('src/handler.js', false, ...lines), []);
  });

  test('is reported where it is kept under a name for a template', async () => {
    const lines = [
      'from django.shortcuts import render',
      'def view(request):',
      '    context = {}',
      "    context['html'] = '<a href=\"/x\">' + request.GET['q'] + '</a>'  # // BAD",
      "    context['text'] = request.GET['q']  # // GOOD",
      "    context['page'] = '<b>%s</b>' % int(request.GET['q'])  # // GOOD",
      "    return render(request, 'x.html', context)",
    ];
    assert.deepEqual(await judge('views.py', false, ...lines), []);
  });

  test('is no finding in a library, whose callers may want markup', async () => {
    const lines = ["exports.show = (name) => { draw('<b>' + name + '</b>'); }; // GOOD"];
    assert.deepEqual(await judge('src/show.js', true, ...lines), []);
  });
});
