using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Hosting;

/// <summary>A browser, as far as signing in and out needs one; it keeps its cookies.</summary>
internal sealed partial class SignInClient : IDisposable
{
    public const string Password = "a password of its own";

    private readonly string _base;

    private SignInClient(HttpClient http, string pathBase) => (Http, _base) = (http, pathBase);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public HttpClient Http { get; }

    /// <summary>The cookies as a header, to be copied.</summary>
    public string Cookies { get; private set; } = "";

    /// <summary>Opens a browser. The administrator's password is set to <see cref="Password"/>: the first one is printed alone.</summary>
    /// <param name="console">The console.</param>
    /// <param name="from">The address that the proxy names; null without a proxy.</param>
    /// <param name="pathBase">Where the console lives.</param>
    public static async Task<SignInClient> OpenAsync(ConsoleFactory console, string? from = null, string pathBase = "")
    {
        var http = console.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        if (from is not null)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        }

        await using var scope = console.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        var admin = (await users.FindByNameAsync(LocalAdministrator.Name))!;
        if (!await users.CheckPasswordAsync(admin, Password))
        {
            Assert.True((await users.RemovePasswordAsync(admin)).Succeeded);
            Assert.True((await users.AddPasswordAsync(admin, Password)).Succeeded);
        }

        return new SignInClient(http, pathBase);
    }

    public async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _base + path);
        return await SendAsync(request);
    }

    public async Task<HttpResponseMessage> SignInAsync(string password, string user = "admin", string returnUrl = "/")
    {
        var path = "/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl);
        return await PostAsync(path, path, ("_handler", "sign-in"), ("Input.User", user), ("Input.Password", password));
    }

    public Task<HttpResponseMessage> SignOutAsync() => PostAsync("/account/sign-in", "/account/sign-out");

    public void Dispose() => Http.Dispose();

    private async Task<HttpResponseMessage> PostAsync(string from, string path, params (string Name, string Value)[] fields)
    {
        using var page = await GetAsync(from);
        var token = Token().Match(await page.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
        using var body = new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)),
            KeyValuePair.Create("__RequestVerificationToken", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, _base + path) { Content = body };
        return await SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Length > 0)
        {
            request.Headers.Add("Cookie", Cookies);
        }

        var response = await Http.SendAsync(request, Cancel);
        Keep(response.Headers);
        return response;
    }

    private void Keep(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Set-Cookie", out var set))
        {
            return;
        }

        var cookies = Cookies.Split("; ", StringSplitOptions.RemoveEmptyEntries).ToDictionary(c => c.Split('=', 2)[0], StringComparer.Ordinal);
        foreach (var cookie in set.Select(c => c.Split(';')[0]))
        {
            var (name, value) = (cookie.Split('=', 2)[0], cookie.Split('=', 2)[1]);
            _ = value.Length > 0 ? cookies[name] = cookie : cookies.Remove(name) ? "" : "";
        }

        Cookies = string.Join("; ", cookies.Values);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
