import { globSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The text of a file of the project, by its path from the top. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Paths from the top that fit a pattern, sorted. */
export function listFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: root }).sort()
}

export interface Import { from: string; to: string; typeOnly: boolean; line: string }

const line = /^(import|export) (type )?(?:[\w$*{},\s]+? from )?'([^']+)'|\bimport\('([^']+)'\)/gm

/** What a file imports: files by their path from the top, packages by their name. */
export function importsOf(from: string): Import[] {
  return [...read(from).matchAll(line)].map((match) => {
    const name = (match[3] ?? match[4])!
    return { from, to: name.startsWith('.') ? normalize(join(from, '..', name)) : name, typeOnly: match[2] !== undefined, line: match[0] }
  })
}

/** The first circle that is found in a graph, as a path that ends where it begins; empty where there is none. */
export function findCircle(graph: Map<string, Iterable<string>>): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (node: string): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return []
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next)
      if (circle.length) return circle
    }
    path.pop()
    done.add(node)
    return []
  }
  for (const node of graph.keys()) {
    const circle = visit(node)
    if (circle.length) return circle
  }
  return []
}

/** The lines of a file that a pattern is found in, with their place. */
export function linesWith(path: string, pattern: RegExp): string[] {
  return read(path).split('\n').flatMap((one, index) => (pattern.test(one) ? [`${path}:${index + 1}: ${one.trim().slice(0, 120)}`] : []))
}
