import t from 'tap'
import { readPeople } from '../../src/operators/read-people.ts'

t.test('people are read as they are pasted', async (t) => {
  const of = (text: string) => readPeople(text).people.map(({ name, email }) => `${name}|${email}`)
  t.same(of('a@example.com\nb@example.com'), ['a|a@example.com', 'b|b@example.com'], 'one in a line, called by their address')
  t.same(of('a@example.com, b@example.com;c@example.com，d@example.com'), ['a|a@example.com', 'b|b@example.com', 'c|c@example.com', 'd|d@example.com'])
  t.same(of('a@example.com b@example.com'), ['a|a@example.com', 'b|b@example.com'])
  t.same(of('Zhao Min <zhao@example.com>'), ['Zhao Min|zhao@example.com'])
  t.same(of('"Wang, Fang" < wang@example.com >, 李雷 <li@example.com>'), ['Wang, Fang|wang@example.com', '李雷|li@example.com'], 'a comma in quotes is part of the name')
  t.same(of('Chen  Wei\tchen@example.com'), ['Chen Wei|chen@example.com'], 'two cells of a spreadsheet')
  t.same(of('a@example.com\nA@Example.com'), ['a|a@example.com'], 'each once')
  t.same(of(' \n,, ;\n'), [])
  t.equal(readPeople(`${'x'.repeat(300)} <a@example.com>`).people[0]?.name.length, 100)
})

t.test('what cannot be read is said as it was typed', async (t) => {
  t.same(readPeople('nobody\nZhao <zhao@>\na@example.com\nb@@example.com\n<c@example.com'), { people: [{ name: 'a', email: 'a@example.com' }], unread: ['nobody', 'Zhao <zhao@>', 'b@@example.com', '<c@example.com'] })
})
