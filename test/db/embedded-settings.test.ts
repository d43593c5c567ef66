import t from 'tap'
import { serverConfiguration } from '../../src/db/embedded-settings.ts'

const server = { name: 'user-360-x', socketFolder: "/tmp/it's here", port: undefined, durable: true }

t.test('the server is sized to the machine', async (t) => {
  const sized = (memoryMegabytes: number, cores = 2) => serverConfiguration(server, { memoryMegabytes, cores, sharedMemoryMegabytes: Infinity })
  t.match(sized(512), /^shared_buffers = '64MB'$/m)
  t.match(sized(4096), /^shared_buffers = '512MB'$/m)
  t.match(sized(65536), /^shared_buffers = '1024MB'$/m)
  t.match(sized(65536), /^maintenance_work_mem = '512MB'$/m)
  t.match(sized(1024, 1), /^max_parallel_workers = '1'$/m)
})

t.test('nothing that is safe is switched off, unless for tests', async (t) => {
  const machine = { memoryMegabytes: 4096, cores: 2, sharedMemoryMegabytes: Infinity }
  t.notMatch(serverConfiguration(server, machine), /^(fsync|synchronous_commit|full_page_writes) = /m)
  t.match(serverConfiguration({ ...server, durable: false }, machine), /^fsync = 'off'$/m)
})

t.test('a container\'s small /dev/shm is not used, and paths are quoted', async (t) => {
  const text = serverConfiguration(server, { memoryMegabytes: 4096, cores: 2, sharedMemoryMegabytes: 64 })
  t.match(text, /^dynamic_shared_memory_type = 'sysv'$/m)
  t.match(text, "unix_socket_directories = '/tmp/it''s here'")
  t.match(text, /^listen_addresses = ''$/m)
  t.match(serverConfiguration({ ...server, port: 5544 }, { memoryMegabytes: 4096, cores: 2, sharedMemoryMegabytes: 64 }), /^listen_addresses = '127.0.0.1'$/m)
})
