output "cluster_name" {
  description = "The name of the cluster, as `aws eks update-kubeconfig` takes it."
  value       = aws_eks_cluster.main.name
}

output "cluster_endpoint" {
  description = "The address of the cluster's API, reachable from within the network."
  value       = aws_eks_cluster.main.endpoint
}
