import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { busArn } from '../bus-arn.ts'
import type { Events } from '../events.ts'

/** `AWS::Events::EventBus`. */
export const eventBus =
  ({ cloud, state }: Events): ResourceProvider =>
  ({ type, properties }) => {
    refuseUnknown(type, properties, ['Name', 'Description', 'Tags', 'Policy'])
    const name = String(properties.Name)
    if (state.buses.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`)
    }
    const arn = busArn(cloud, name)
    state.buses.set(name, {
      name,
      arn,
      ...(properties.Description === undefined ? {} : { description: String(properties.Description) }),
      ...(properties.Policy === undefined ? {} : { policy: JSON.stringify(properties.Policy) }),
      createdAt: cloud.clock.now(),
    })
    if (properties.Policy) cloud.setResourcePolicy(arn, properties.Policy)
    return { ref: name, attributes: { Arn: arn, Name: name } }
  }
