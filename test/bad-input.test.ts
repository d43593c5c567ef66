import t from 'tap'
import { build } from './helper.ts'
import { makeWorld } from './users/world.ts'

const nasty = `<script>alert(1)</script><img src=x onerror=alert(1)> "'; drop table operators; -- %_\\ {{7*7}} \u202e 你好 😀`
const values: [what: string, value: string][] = [['HTML and SQL', nasty], ['10,000 characters', 'x'.repeat(10_000)], ['NUL', 'a\0b'], ['one that is no number', '1e999'], ['white space', ' \t ']]

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
