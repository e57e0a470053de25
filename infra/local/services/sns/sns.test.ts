import { expect, test } from 'vitest'
import { fakeCloud, provision } from '../../console/testing/fake-cloud.ts'
import { createSnsService } from './index.ts'

test('a topic provisions with its policy and subscription, and nothing can be published', async () => {
  const cloud = fakeCloud()
  const sns = createSnsService(cloud)
  const { ref: arn } = await provision(sns, 'AWS::SNS::Topic', 'Alarms', { TopicName: 'alarms' })
  expect(arn).toBe('arn:aws:sns:us-east-1:000000000000:alarms')
  await provision(sns, 'AWS::SNS::TopicPolicy', 'Policy', {
    Topics: [arn],
    PolicyDocument: { Statement: [] },
  })
  expect(cloud.policies.get(arn)).toEqual({ Statement: [] })
  await provision(sns, 'AWS::SNS::Subscription', 'Mail', {
    TopicArn: arn,
    Protocol: 'email',
    Endpoint: 'a@b.cc',
  })
  await expect(provision(sns, 'AWS::SNS::Topic', 'Fifo', { FifoTopic: true })).rejects.toThrow('FifoTopic')
  expect(Object.keys(sns.operations)).toEqual([])
})
