import { ServiceError } from '../../contract.ts'

export { badRequest } from '../../http-front/properties.ts'
export const notFound = (message: string) => new ServiceError('NotFoundException', message, 404)
export const conflict = (message: string) => new ServiceError('ConflictException', message, 409)
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message, 429)
