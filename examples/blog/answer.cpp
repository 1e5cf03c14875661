// SPDX-License-Identifier: MIT
#include "answer.hpp"

#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "layout.hpp"

namespace blog {

namespace {

/// Whether one of the blog's own pages sent this: browsers say where a request comes from.
bool is_from_here(const httplib::Request& request) {
    const std::string site = request.get_header_value("Sec-Fetch-Site");
    const std::string origin = request.get_header_value("Origin");
    if (!site.empty() && site != "same-origin") return false;
    if (!origin.empty() && origin != "http://" + request.get_header_value("Host")) return false;
    return !site.empty() || !origin.empty();
}

page run(handler h, request_session& db, const httplib::Request& request) {
    if (request.method == "POST" && !is_from_here(request))
        throw http_error{403, "This form was sent from another site."};
    return h(db, request);
}

/// What a visitor can do something about has a page of its own. The rest is told to the operator only.
page page_of_current_exception() {
    try {
        throw;
    } catch (const http_error& e) {
        return error_page(e.status, e.message);
    } catch (const kin::no_result_found&) {
        return error_page(404, "Perhaps it was here once; perhaps the address is wrong.");
    } catch (const kin::unique_violation&) {
        return error_page(409,
                          "There is one like this already, and there can be only one. Nothing was saved; "
                          "go back, and your text is still in the form.");
    } catch (const kin::constraint_violation&) {
        return error_page(409, "The rules of the blog do not allow this. Nothing was saved.");
    } catch (const kin::data_error&) {
        return error_page(400, "This is not text that can be stored. Nothing was saved.");
    } catch (const kin::transaction_rollback&) {
        return error_page(503,
                          "Somebody else is writing for a long time. Nothing was saved; please try again.");
    } catch (const kin::pool_timeout&) {
        return error_page(503, "Many people are reading. Please try again.");
    } catch (const std::exception& e) {
        std::cerr << "kin_blog: " << e.what() << '\n';
    }
    return error_page(500, "It is our fault, and it is written down. Nothing was saved.");
}

/// A body that is simply set would be compressed by brotli at its slowest level, 40 ms a page; what comes from a provider
/// goes out as it is.
void set_content(std::string content, const char* type, httplib::Response& response) {
    const std::size_t size = content.size();
    response.set_content_provider(
        size, type,
        [content = std::move(content)](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            return sink.write(content.data() + offset, length);
        });
}

void send(const page& p, const request_session& db, httplib::Response& response) {
    if (p.status != 200) response.status = p.status; // httplib tells 200 from 206 itself
    response.set_header("Cache-Control", "no-store");
    if (p.status == 503) response.set_header("Retry-After", "1");
    if (p.location.empty())
        set_content(document(p, db), "text/html; charset=utf-8", response);
    else
        response.set_header("Location", p.location);
}

} // namespace

void answer(const kin::database& database, handler h, const httplib::Request& request,
            httplib::Response& response) {
    request_session db(database, {.write_intent = request.method == "POST"});
    page result;
    try {
        result = run(h, db, request);
    } catch (...) {
        result = page_of_current_exception();
    }
    db.close();
    send(result, db, response);
}

void answer_failure(const kin::database& database, const httplib::Request& request,
                    httplib::Response& response) {
    const request_session db(database);
    const int status = response.status;
    std::string message = "The request could not be answered.";
    if (status == 404) message = "There is no page at this address.";
    if (status == 405) message = "This address does not take " + request.method + ".";
    if (status == 413) message = "The form holds more than the blog takes.";
    send(error_page(status, message), db, response);
}

} // namespace blog
