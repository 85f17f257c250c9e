using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CalicoConsole.Tests;

/// <summary>Turns etcd's v2 authentication on through its auth API.</summary>
internal static class EtcdTestAuth
{
    public static async Task EnableAsync(
        HttpClient client, string endpoint, string rootPassword, string user, string password, string keys, CancellationToken cancellationToken)
    {
        async Task Put(string path, object body)
        {
            using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            using var answer = await client.PutAsync(new Uri($"{endpoint}/v2/auth/{path}"), content, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"etcd auth {path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }

        string[] allowed = [keys];
        await Put("users/root", new { user = "root", password = rootPassword });
        await Put("roles/tested", new { role = "tested", permissions = new { kv = new { read = allowed, write = allowed } } });
        await Put($"users/{user}", new { user, password, roles = new[] { "tested" } });
        await Put("enable", new { });
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"root:{rootPassword}")));
        string[] all = ["/*"];
        await Put("roles/guest", new { role = "guest", revoke = new { kv = new { read = all, write = all } } });
    }
}
