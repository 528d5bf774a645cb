// Package deployment tests Dockerfile, docker-compose.yaml, infra/kubernetes, the alert rules
// for Prometheus and the dashboard for Grafana. They are read by the libraries that Docker
// Compose, kubectl and Prometheus use; none of them has to be installed.
package deployment
