output "vpc_id" {
  description = "The network that the services run in."
  value       = aws_vpc.main.id
}

output "subnet_ids" {
  description = "The public subnets, one in each availability zone."
  value       = aws_subnet.public[*].id
}

output "autoscaling_group" {
  description = "The name of the group of service instances."
  value       = aws_autoscaling_group.services.name
}
