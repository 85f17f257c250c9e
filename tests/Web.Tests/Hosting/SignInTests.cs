using System.Net;
using System.Text.RegularExpressions;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Hosting;

public sealed partial class SignInTests : IAsyncDisposable
{
    private const string Password = "a password of its own";

    private readonly ConsoleFactory _console = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("/endpoints?q=docker01", "/endpoints?q=docker01")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    public async Task SignIn_RightPassword_LeadsBackWithinTheConsole(string returnUrl, string to)
    {
        using var client = await ClientAsync();
        using var response = await PostAsync(client, Password, returnUrl);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(to, response.Headers.Location!.IsAbsoluteUri ? response.Headers.Location.PathAndQuery : response.Headers.Location.ToString());
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("calico-console=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_WrongPasswords_AreRefusedAndThenLimited()
    {
        using var client = await ClientAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 11; i++)
        {
            using var response = await PostAsync(client, "wrong", "/");
            statuses.Add(response.StatusCode);
            Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("calico-console=", StringComparison.Ordinal)));
        }

        Assert.All(statuses[..10], s => Assert.Equal(HttpStatusCode.OK, s));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[10]);
    }

    [Theory]
    [InlineData("/account/sign-in", "_handler=sign-in&Input.User=admin&Input.Password=x")]
    [InlineData("/account/sign-out", "returnUrl=/")]
    public async Task Post_WithoutAntiforgeryToken_IsRefused(string path, string body)
    {
        using var client = await ClientAsync();
        using (await PostAsync(client, Password, "/"))
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task FirstStart_MakesOneAdministrator()
    {
        using var client = await ClientAsync();
        await using var scope = _console.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        Assert.Equal(LocalAdministrator.Name, Assert.Single(users.Users.ToList()).UserName);
    }

    private async Task<HttpClient> ClientAsync()
    {
        var client = _console.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        await using var scope = _console.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        var admin = (await users.FindByNameAsync(LocalAdministrator.Name))!;
        // The first password is on the console only; a test gives the user another one.
        Assert.True((await users.RemovePasswordAsync(admin)).Succeeded);
        Assert.True((await users.AddPasswordAsync(admin, Password)).Succeeded);
        return client;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string password, string returnUrl)
    {
        var path = "/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl);
        var page = await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        using var body = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("_handler", "sign-in"),
            KeyValuePair.Create("__RequestVerificationToken", Token().Match(page).Groups[1].Value),
            KeyValuePair.Create("Input.User", "admin"),
            KeyValuePair.Create("Input.Password", password),
        ]);
        return await client.PostAsync(new Uri(path, UriKind.Relative), body, Cancel);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
