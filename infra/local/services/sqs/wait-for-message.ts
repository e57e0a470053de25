import type { Poll, Sqs } from './sqs.ts'

/** Messages become visible by local time alone, too; a waiting poll looks this often. */
const LOOK_AGAIN_MS = 100

/**
 * What `take` finds, at once or within some seconds of real time. While it waits nothing is in flight: an advance of
 * the clock does not wait for a poll.
 */
export function waitForMessage<T>(sqs: Sqs, seconds: number, take: () => T[]): Promise<T[]> {
  const found = take()
  if (found.length > 0 || seconds === 0) return Promise.resolve(found)
  const giveUpAt = performance.now() + seconds * 1000
  return new Promise(resolve => {
    const finish = (messages: T[]) => {
      clearInterval(timer)
      sqs.waiting.delete(poll)
      resolve(messages)
    }
    const poll: Poll = {
      look() {
        const messages = take()
        if (messages.length > 0 || performance.now() >= giveUpAt) finish(messages)
      },
      giveUp: () => finish([]),
    }
    const timer = setInterval(poll.look, LOOK_AGAIN_MS)
    sqs.waiting.add(poll)
  })
}
