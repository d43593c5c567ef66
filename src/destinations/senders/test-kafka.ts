import kafkajs from 'kafkajs'
import { formatCount } from '../../format.ts'
import type { KafkaSettings, Secrets } from '../destination.ts'
import { kafkaDown, kafkaOptions, type SenderLog } from './kafka-client.ts'

/** Signs in and looks for the topic; sends nothing. Answers what was found, in words, or throws DestinationDown. */
export async function testKafka(settings: KafkaSettings, secrets: Secrets, log: SenderLog): Promise<string> {
  const kafka = new kafkajs.Kafka({ ...kafkaOptions(settings, secrets, log), connectionTimeout: 3000, authenticationTimeout: 4000, requestTimeout: 4000, retry: { retries: 0 } })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    const { topics } = await admin.fetchTopicMetadata({ topics: [settings.topic] })
    return `${formatCount(brokers.length, 'broker answers', 'brokers answer')}; the topic ${settings.topic} has ${formatCount(topics[0]?.partitions.length ?? 0, 'partition')}. No message was sent.`
  } catch (error) {
    throw kafkaDown(error, settings)
  } finally {
    await admin.disconnect().catch(() => {})
  }
}
