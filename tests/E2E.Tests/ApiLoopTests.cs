using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>The API of the console as a process, on a real etcd: from request to key and back.</summary>
public sealed class ApiLoopTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Rules = "/calico/v1/policy/profile/team%252fweb/rules";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Profile_FromCreationToDeletion()
    {
        using var api = new HttpClient { BaseAddress = new Uri(fixture.Console.Address, "/api/v1/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BrowserFixture.Token);

        var created = await SendAsync(api, HttpMethod.Post, "profiles", Profile("allow"), HttpStatusCode.Created);
        Assert.Equal("succeeded", created.GetProperty("outcome").GetString());
        Assert.Equal("""{"inbound_rules":[{"action":"allow","protocol":"tcp","dst_ports":[80]}],"outbound_rules":[{"action":"allow"}]}""", await fixture.GetAsync(Rules, Cancel));
        await SendAsync(api, HttpMethod.Post, "profiles", Profile("allow"), HttpStatusCode.Conflict);

        using var got = await api.GetAsync("profiles/team/web", Cancel);
        var seen = got.Headers.ETag!;
        await SendAsync(api, HttpMethod.Put, "profiles/team/web", Profile("deny"), HttpStatusCode.OK, seen);
        Assert.Contains("\"deny\"", await fixture.GetAsync(Rules, Cancel), StringComparison.Ordinal);

        // Somebody who still holds the old revision must not overwrite that.
        var conflict = await SendAsync(api, HttpMethod.Put, "profiles/team/web", Profile("allow"), HttpStatusCode.Conflict, seen);
        Assert.Equal("deny", conflict.GetProperty("current").GetProperty("spec").GetProperty("ingress")[0].GetProperty("action").GetString());
        Assert.Contains("\"deny\"", await fixture.GetAsync(Rules, Cancel), StringComparison.Ordinal);

        var planned = await SendAsync(api, HttpMethod.Delete, "profiles/team/web?dryRun=true", null, HttpStatusCode.OK);
        Assert.Equal("planned", planned.GetProperty("outcome").GetString());
        Assert.Contains("\"deny\"", await fixture.GetAsync(Rules, Cancel), StringComparison.Ordinal);
        var deleted = await SendAsync(api, HttpMethod.Delete, "profiles/team/web", null, HttpStatusCode.OK);
        await SendAsync(api, HttpMethod.Get, "profiles/team/web", null, HttpStatusCode.NotFound);

        var audit = await SendAsync(api, HttpMethod.Get, "audit?object=team/web&kind=profile", null, HttpStatusCode.OK);
        var newest = audit.GetProperty("items")[0];
        Assert.Equal(deleted.GetProperty("operationId").GetGuid(), newest.GetProperty("operationId").GetGuid());
        Assert.Equal("profile.delete", newest.GetProperty("operation").GetString());
        Assert.Equal("succeeded", newest.GetProperty("outcome").GetProperty("outcome").GetString());
        Assert.DoesNotContain(fixture.Console.Password, audit.GetRawText(), StringComparison.Ordinal);
    }

    private static string Profile(string action) =>
        """{"apiVersion":"v1","kind":"profile","metadata":{"name":"team/web"},"spec":{"ingress":[{"action":"ACTION","protocol":"tcp","destination":{"ports":[80]}}],"egress":[{"action":"allow"}]}}"""
            .Replace("ACTION", action, StringComparison.Ordinal);

    private static async Task<JsonElement> SendAsync(HttpClient api, HttpMethod method, string path, string? body, HttpStatusCode status,
        EntityTagHeaderValue? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch);
        }

        using var response = await api.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{method} {path}: {response.StatusCode} {Shown.Of(text)}");
        return JsonElement.Parse(text);
    }
}
