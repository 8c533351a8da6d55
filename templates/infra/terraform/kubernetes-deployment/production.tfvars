environment        = "production"
kubernetes_version = "1.34"
node_count         = { min = 3, max = 12 }
