import t from 'tap'
import { build, type TestApp } from './helper.ts'
import { upload } from './sources/upload.ts'
import { makeWorld } from './users/world.ts'

const nasty = `<script>alert(1)</script><img src=x onerror=alert(1)> "'; drop table operators; -- %_\\ {{7*7}} \u202e 你好 😀`
const values: [what: string, value: string][] = [['HTML and SQL', nasty], ['10,000 characters', 'x'.repeat(10_000)], ['NUL', 'a\0b'], ['one that is no number', '1e999'], ['white space', ' \t ']]

interface Form { action: string; fields: Record<string, string>; typed: string[] }

const unescape = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

/** The forms of a page as a browser would send them, and which of their fields people type into. */
function formsOf(html: string): Form[] {
  const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return [...html.matchAll(/<form\b[^>]*method="post"[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].map((form) => {
    const [, action, body] = form as unknown as [string, string, string]
    const fields: Record<string, string> = {}
    const typed: string[] = []
    for (const [tag] of body.matchAll(/<(?:input|textarea)\b[^>]*>/g)) {
      const name = attribute(tag, 'name')
      if (!name || name === '_csrf' || / disabled/.test(tag)) continue
      if (/type="(checkbox|radio|file)"/.test(tag) && !/ checked/.test(tag)) continue
      fields[name] = unescape(attribute(tag, 'value') ?? 'on')
      if (!/type="(hidden|checkbox)"/.test(tag)) typed.push(name)
    }
    for (const [, name, options] of body.matchAll(/<select\b[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
      fields[name!] = unescape(/<option value="([^"]*)" selected/.exec(options!)?.[1] ?? /<option value="([^"]*)"/.exec(options!)?.[1] ?? '')
    }
    // A file is gone after its import, so its form is asked for another preview.
    return { action: unescape(action).replace(/(uploads\/\w+)\/import$/, '$1/preview'), fields, typed }
  })
}

async function formPages(world: TestApp): Promise<string[]> {
  const { id: tag } = await world.db.selectFrom('source_columns').select('id').where('name', '=', 'likes').executeTakeFirstOrThrow()
  await world.as({ method: 'POST', url: '/settings/tags/groups', form: { name: 'Interests', parent: '' } })
  await world.as({ method: 'POST', url: '/settings/attributes', form: { name: 'Shoe size', code: 'shoe_size', type: 'number', rule: 'latest', choices: '', description: '' } })
  const { id: group } = await world.db.selectFrom('tag_groups').select('id').executeTakeFirstOrThrow()
  const { id: attribute } = await world.db.selectFrom('attributes').select('id').where('code', '=', 'shoe_size').executeTakeFirstOrThrow()
  const file = await upload(world, 'web.csv', 'id,mail,price\n1,a@example.com,1\n2,b@example.com,2\n')
  return [
    file, '/settings/sources/1/structure', '/settings/sources/1/removal', '/settings/id-types', '/settings/id-types/new', '/settings/id-types/3', '/settings/attributes/new', `/settings/attributes/${attribute}`,
    `/settings/tags/${tag}`, '/settings/tags/groups/new', `/settings/tags/groups/${group}`, '/users/columns', '/users/exports', '/password', '/two-step', '/settings/operators/new', '/settings/operators/new/many', '/settings/operators/1'
  ]
}

t.test('whatever is typed into whatever field is taken or refused in words', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  for (const path of await formPages(world)) {
    const forms = formsOf((await world.as({ url: path })).body).filter((form) => form.typed.length)
    t.ok(forms.length, `${path} has a form`)
    for (const form of forms) {
      for (const [what, value] of values) {
        for (const name of form.typed) {
          const answer = await world.as({ method: 'POST', url: form.action, form: { ...form.fields, [name]: value } })
          t.ok([200, 303, 409, 422].includes(answer.statusCode), `${form.action}: ${what} in ${name} is answered with ${answer.statusCode}`)
          t.notMatch(answer.body, '<script>alert', 'nothing of it comes back as markup')
          if (answer.statusCode === 422 && what === 'HTML and SQL' && !['current', 'next', 'again', 'code', 'password'].includes(name)) t.match(unescape(answer.body).toLowerCase(), nasty.slice(0, 40), `${name} still holds what was typed`)
        }
      }
    }
  }
  t.ok(await world.db.selectFrom('operators').select('id').executeTakeFirst(), 'and the operators are still there')
})

t.test('whatever is asked of the list in its address is answered', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const column = await world.db.selectFrom('source_columns').select('id').where('name', '=', 'likes').executeTakeFirstOrThrow()
  const paths = ['/', '/users?id=', '/users?level=', '/users?where=', '/users?sort=', '/users?size=', '/users?after=', '/users?before=', '/users?add=1&operator=is&field=City&value=', '/users?add=1&operator=is&value=x&field=', `/users?add=1&field=Lifetime+value&operator=between&value=`, '/users/count?id=', '/users/suggestions?field=attribute:city&value=', '/users/suggestions?value=a&field=', '/users/conditions/editor?field=', '/users/1?tag=', '/users/1?tab=', '/users/1?in=', '/users/1/step?to=next&in=', '/users/1/step?in=&to=', '/users/', '/users/columns?in=', '/users/exports?in=', '/users/exports?in=/users?where=', '/settings/exports?before=', '/exports/', '/settings/tags?q=', '/settings/tags?group=', '/settings/tags?sort=', '/settings/refused-joins?reason=', '/settings/refused-joins?after=', '/settings/sources/', '/settings/imports/', `/settings/tags/${column.id}0`, '/sign-in?to=', '/invitations/', '/settings/operators?q=', '/settings/operators?after=', '/settings/operators/']
  for (const path of paths) {
    for (const [what, value] of [...values, ['a number that is too large', '99999999999999999999'], ['nothing that is expected', '[["x"]]'], ['Chinese of 3,000 characters', '数'.repeat(3000)]] as const) {
      const answer = await world.as({ url: path + encodeURIComponent(value) })
      t.ok(answer.statusCode < 500, `${path} with ${what} is answered with ${answer.statusCode}`)
      t.notMatch(answer.body, '<script>alert', 'nothing of it comes back as markup')
      t.ok(answer.statusCode === 303 || answer.statusCode === 302 || answer.body === '' || answer.headers['content-type']?.includes('text/html'), `${path} with ${what} is answered with a page`)
    }
  }
  for (const url of ['/users/%zz', '/%E0%A4%A']) {
    const answer = await world.app.inject({ url })
    t.equal(answer.statusCode, 400)
    t.match(answer.body, 'This address cannot be read')
  }
  const address = await world.app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(`${address}/users?id=${encodeURIComponent('数'.repeat(3000))}`, { redirect: 'manual' })
  t.equal(answer.status, 303, 'a long query comes through the line too')
  t.equal(answer.headers.get('location'), '/sign-in', 'and does not come back in a header that is too long for it')
})
