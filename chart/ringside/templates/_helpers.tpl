{{- define "ringside.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, with the chart's unless that is in it already. */}}
{{- define "ringside.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- .Values.fullnameOverride | default $full | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "ringside.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ringside.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ringside.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "ringside.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ringside.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "ringside.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{/* The text of config.json; empty when there is none. A text that is no JSON, and a SAS, stop the rendering. */}}
{{- define "ringside.config" -}}
{{- $config := .Values.config }}
{{- if kindIs "string" $config }}
  {{- if trim $config }}
    {{- $config = mustFromJson $config }}
  {{- end }}
{{- end }}
{{- if $config }}
  {{- if .Values.existingSecret }}
    {{- fail "give either config or existingSecret, not both" }}
  {{- end }}
  {{- $text := mustToPrettyJson $config }}
  {{- if regexMatch "(?i)\"sas\"\\s*:\\s*\"[^\"]|sig=" $text }}
    {{- fail "config holds a SAS, which has no place in a ConfigMap: keep config.json in a Secret and name it in existingSecret" }}
  {{- end }}
  {{- $text }}
{{- end }}
{{- end }}
