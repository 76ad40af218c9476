using System.Diagnostics;
using System.Net;

namespace LocalServers;

/// <summary>Prometheus from the package <c>prometheus</c>, which scrapes one target every half second.</summary>
/// <param name="target">Host and port of the target, whose metrics are at <c>/metrics</c>.</param>
/// <param name="rules">The file with its rules.</param>
public sealed class PrometheusServer(string target, string rules) : LocalServer("prometheus")
{
    protected override ProcessStartInfo Command()
    {
        var configuration = Path.Combine(Folder, "prometheus.yml");
        File.WriteAllText(
            configuration,
            $"""
            global:
              scrape_interval: 500ms
              scrape_timeout: 500ms
              evaluation_interval: 1s
            rule_files:
              - {Path.GetFullPath(rules)}
            scrape_configs:
              - job_name: sample
                static_configs:
                  - targets: ["{target}"]
            """);
        return new(
            Find("prometheus", "prometheus"),
            [
                "--config.file", configuration, "--storage.tsdb.path", Path.Combine(Folder, "data"),
                "--web.listen-address", $"127.0.0.1:{Text(Port)}", "--log.level", "error",
            ]);
    }

    protected override bool Answers()
    {
        try
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Text(Port)}/-/ready");
            using var answer = client.Send(request);
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
