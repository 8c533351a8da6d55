environment        = "dev"
kubernetes_version = "1.34"
node_count         = { min = 1, max = 3 }
