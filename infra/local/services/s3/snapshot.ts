import type { S3 } from './s3.ts'
import { s3State } from './state.ts'

/** Puts objects back, and the buckets that a call made. Buckets of templates are there already, or no longer wanted. */
export function restore({ state }: S3, saved: unknown): void {
  for (const [name, bucket] of s3State.parse(saved).buckets) {
    const templated = state.buckets.get(name)
    if (templated) for (const [key, object] of bucket.objects) templated.objects.set(key, object)
    else if (!bucket.fromTemplate) state.buckets.set(name, bucket)
  }
}
